/** What the app says of itself: commands that make no sense now, checks of the installation, in German. */
export const germanApp: Readonly<Record<string, string>> = {
  'Holdfast does not answer. Is it still running?': 'Holdfast antwortet nicht. Läuft es noch?',
  'The part of Holdfast that syncs stopped before it answered; it is being restarted.':
    'Der Teil von Holdfast, der abgleicht, endete vor seiner Antwort; er wird neu gestartet.',
  'This page needs a fresh address from Holdfast.': 'Diese Seite braucht eine neue Adresse von Holdfast.',
  'Holdfast met an unexpected error.': 'Holdfast traf auf einen Fehler, den es nicht kennt.',
  'There is no such command.': 'Einen solchen Befehl gibt es nicht.',
  'The input of “%p” is not valid: %p.': 'Die Eingabe von „%p“ ist nicht gültig: %p.',
  'The door does not let this request in.': 'Diese Anfrage wird nicht eingelassen.',
  'The local door cannot be opened on 127.0.0.1.': 'Die Tür auf 127.0.0.1 lässt sich nicht öffnen.',
  'Only the desktop app can do this.': 'Das kann nur die Desktop-App.',
  'A single command cannot keep a server running.': 'Ein einzelner Befehl kann keinen Server am Laufen halten.',
  'Another Holdfast command is working with this home.': 'Ein anderer Holdfast-Befehl arbeitet gerade damit.',
  'A Holdfast daemon or another command is using this home already.': 'Holdfast läuft damit schon.',
  'No daemon is running.': 'Holdfast läuft nicht.',
  'The running Holdfast daemon is of another version.': 'Es läuft eine andere Fassung von Holdfast.',
  'The running Holdfast daemon does not answer.': 'Holdfast läuft, antwortet aber nicht.',
  'Try again in a while. If it stays so, end the process %p and start Holdfast again.':
    'Versuchen Sie es nach einer Weile noch einmal. Bleibt es so, beenden Sie den Prozess %p und starten Sie Holdfast neu.',
  'The Holdfast daemon ended before it answered.': 'Holdfast endete vor seiner Antwort.',
  'The home folder is an empty text; name a folder.': 'Das Holdfast-Verzeichnis ist leer; nennen Sie einen Ordner.',
  'The pair is closing.': 'Der Abgleich dieses Ordners wird beendet.',
  'The server is not a web address.': 'Der Server ist keine Web-Adresse.',
  "The server's address must not hold a user or password.":
    'Die Adresse des Servers darf weder Benutzer noch Passwort enthalten.',
  "The server's address must have no path after the host.":
    'In der Adresse des Servers darf nach dem Rechnernamen nichts mehr folgen.',
  'Plain http is only allowed to this computer; use https.':
    'Einfaches http geht nur zu diesem Computer; nehmen Sie https.',
  'No folder is synced on this device yet.': 'Auf diesem Gerät wird noch kein Ordner abgeglichen.',
  'There are several folder pairs.': 'Es gibt mehrere Ordner.',
  'No folder pair is “%p”.': 'Kein Ordner ist „%p“.',
  'This folder is not synced any more.': 'Dieser Ordner wird nicht mehr abgeglichen.',
  '“%p” means several folder pairs.': '„%p“ meint mehrere Ordner.',
  'A path in a vault has no “..”.': 'Ein Pfad im Tresor hat kein „..“.',
  'A batch is of one folder pair.': 'Ein Stapel gehört zu einem Ordner.',
  'There is no issue “%p”.': 'Das Problem „%p“ gibt es nicht.',
  'There is no issue %p.': 'Das Problem %p gibt es nicht.',
  'Several folder pairs have an issue “%p”.': 'Mehrere Ordner haben ein Problem „%p“.',
  'The choices for this issue are: %p.': 'Zur Wahl stehen bei diesem Problem: %p.',
  'There is no batch %p.': 'Die Änderung %p gibt es nicht.',
  'There is no batch %p that this device knows.': 'Dieses Gerät kennt keine Änderung %p.',
  'What waits for you has changed meanwhile, so nothing was decided.':
    'Was auf Sie wartet, hat sich inzwischen geändert, darum wurde nichts entschieden.',
  'The vault has changed meanwhile, so there is nothing to do as it was asked for.':
    'Der Tresor hat sich inzwischen geändert; so, wie es verlangt war, ist nichts zu tun.',
  'Only files can be copied out.': 'Kopien gibt es nur von Dateien.',
  'The whole vault cannot be restored at once.': 'Der ganze Tresor lässt sich nicht auf einmal wiederherstellen.',
  'Nothing that was deleted at %p can be restored.':
    'Von dem, was unter %p gelöscht wurde, ist nichts wiederherzustellen.',
  'The folder %p is there. Name what was deleted in it.': 'Der Ordner %p ist da. Nennen Sie, was darin gelöscht wurde.',
  'There is no older version of %p.': 'Von %p gibt es keine ältere Version.',
  'One of that name was deleted: `trash` lists it, with the batch that `restore --trash` takes.':
    'Eine dieses Namens wurde gelöscht: `trash` führt sie auf, mit dem Stapel, den `restore --trash` nimmt.',
  '%p has no version %p.': '%p hat keine Version %p.',
  '%p cannot be restored: its last version is not kept any more.':
    '%p lässt sich nicht wiederherstellen: Die letzte Version ist nicht mehr da.',
  '%p is not in the trash of this computer any more.': '%p ist nicht mehr im Papierkorb dieses Computers.',
  'This is the current version of %p already.': 'Das ist schon die aktuelle Version von %p.',
  'This version is not kept any more.': 'Diese Version ist nicht mehr da.',
  'There is and was no file %p in the vault.': 'Eine Datei %p ist und war nicht im Tresor.',
  'A folder has no versions.': 'Ein Ordner hat keine Versionen.',
  'There is no %p in the vault.': '%p ist nicht im Tresor.',
  'The folder as a whole is always selected.': 'Der Ordner als Ganzes ist immer auf diesem Gerät.',
  '%p is in %p, which is not selected.': '%p liegt in %p, das nicht auf diesem Gerät ist.',
  'The folder as a whole has no rule. Name a file or folder in it.':
    'Für den Ordner als Ganzes gibt es keine Regel. Nennen Sie etwas darin.',
  'There is no %p here or in the vault, and none was deleted there.':
    '%p ist weder hier noch im Tresor, und wurde dort auch nicht gelöscht.',

  'Nobody is signed in.': 'Niemand ist angemeldet.',
  'The check itself failed.': 'Die Prüfung selbst ging schief.',
  'All known answers are right. Argon2id by %p, local hash %p.':
    'Die Kryptographie rechnet richtig (Argon2id von %p, lokale Prüfsumme %p).',
  '%p belongs to you alone.': '%p gehört nur Ihnen.',
  'Other users can read: %p. Close them with chmod go-rwx.':
    'Andere können lesen: %p. Schließen Sie es mit chmod go-rwx.',
  'Keychain: %p. The keys of %p open.': 'Schlüsselbund: %p. Die Schlüssel von %p lassen sich öffnen.',
  'This system needs no watch for each folder.': 'Dieses System braucht nicht je Ordner eine Beobachtung.',
  '%n folders to watch; the system allows %n.': '%n Ordner zu beobachten; das System erlaubt %n.',
  '%n folders to watch, but the system allows %n for all programs.':
    '%n Ordner zu beobachten, aber das System erlaubt allen Programmen zusammen %n.',
  'No more folders can be watched: other programs use all that the system allows.':
    'Kein Ordner mehr lässt sich beobachten: Andere Programme brauchen alles, was das System erlaubt.',
  'The rest is checked from time to time.': 'Der Rest wird ab und zu angesehen.',
  'Raise it with: sysctl fs.inotify.%p': 'Erhöhen Sie die Grenze mit: sysctl fs.inotify.%p',
  '%p answers in %n ms and knows this device.': '%p antwortet in %n ms und kennt dieses Gerät.',
  'It is reached through the proxy %p.': 'Er wird über den Proxy %p erreicht.',
  '%p answers, but: %s': '%p antwortet, aber: %s',
  'The server %p cannot be reached.': 'Der Server %p ist nicht erreichbar.',
  'The server did not tell its time.': 'Der Server hat seine Zeit nicht gesagt.',
  'This computer and the server differ by %p s at most.': 'Dieser Computer und der Server weichen höchstens %p s ab.',
  "This computer's clock and the server's differ by %p s. Set the clock, or the history shows wrong times.":
    'Die Uhren dieses Computers und des Servers weichen %p s ab. Stellen Sie die Uhr, sonst zeigt die Geschichte falsche Zeiten.',
  'The folder is %p. Nothing is synced or deleted until it is back.':
    'Der Ordner ist %p. Nichts wird abgeglichen oder gelöscht, bis er wieder da ist.',
  'The folder is there; it was not synced yet.': 'Der Ordner ist da; er wurde noch nicht abgeglichen.',
  'The folder is there and bears its mark.': 'Der Ordner ist da und trägt sein Zeichen.',
  'Another folder is at its place: it bears the mark of another pair.':
    'An seiner Stelle liegt ein anderer Ordner: Er trägt das Zeichen eines anderen.',
  'Another folder is at its place: it bears no mark.':
    'An seiner Stelle liegt ein anderer Ordner: Er trägt kein Zeichen.',
  'Nothing is synced or deleted.': 'Nichts wird abgeglichen oder gelöscht.',
  'Nothing of the vault is known here yet.': 'Vom Tresor ist hier noch nichts bekannt.',
  'The vault “%p” is at change %n, with the compare code %p.':
    'Der Tresor „%p“ ist bei Änderung %n, mit dem Vergleichscode %p2.',
  'If another device shows a different code at the same change, the server has shown the two different histories.':
    'Ein Gerät, das bei derselben Änderung einen anderen Code zeigt, bekam eine andere Geschichte zu sehen.',
  'There is no index yet.': 'Es gibt noch kein Verzeichnis.',
  'The index is in use; ask again when nothing is running.':
    'Das Verzeichnis ist in Gebrauch; fragen Sie wieder, wenn nichts läuft.',
  'The index is in order.': 'Das Verzeichnis ist in Ordnung.',
  'The index has %n faults (%p). It is made anew, without loss, at the next sync.':
    'Das Verzeichnis hat %n Fehler (%p). Es wird beim nächsten Abgleich ohne Verlust neu angelegt.',
};
