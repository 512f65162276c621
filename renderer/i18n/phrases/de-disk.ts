/** What the disk, the folder and the index of this computer can have to say, in German. */
export const germanDisk: Readonly<Record<string, string>> = {
  'A thread ended before it was done.': 'Ein Thread endete, bevor er fertig war.',
  '%p: %s': '%p: %s',
  '%s: %s.': '%s: %s.',
  'A file: %s': 'Eine Datei: %s',
  'its database is damaged; put it back from a copy':
    'seine Datenbank ist beschädigt; holen Sie sie aus einer Kopie zurück',
  'the disk is full; free some space': 'das Laufwerk ist voll; schaffen Sie Platz',
  'the disk quota is used up; free some space': 'der zugeteilte Platz ist verbraucht; schaffen Sie Platz',
  'the disk is read-only': 'das Laufwerk ist schreibgeschützt',
  'permission denied': 'die Rechte fehlen',
  'it does not exist': 'es ist nicht da',
  'a part of the path is not a folder': 'ein Teil des Pfads ist kein Ordner',
  'it is a folder': 'es ist ein Ordner',
  'something else has that name': 'etwas anderes heißt so',
  'the path goes through too many symbolic links': 'der Pfad führt über zu viele Verknüpfungen',
  'too many files are open': 'zu viele Dateien sind offen',
  'the system reported %p': 'das System meldet %p',
  'the file or folder is no longer there': 'die Datei oder der Ordner ist nicht mehr da',
  'something with this name is already there': 'unter diesem Namen ist schon etwas da',
  'the folder is not empty': 'der Ordner ist nicht leer',
  'there is a folder where a file was expected, or a file where a folder was':
    'statt einer Datei ist ein Ordner da, oder umgekehrt',
  'permission denied; change the permissions of the file or folder':
    'die Rechte fehlen; ändern Sie die Rechte der Datei oder des Ordners',
  'another program is using the file; close it': 'ein anderes Programm benutzt die Datei; schließen Sie es',
  'it is only in iCloud; download it': 'sie liegt nur in iCloud; laden Sie sie herunter',
  'the disk reported an error': 'das Laufwerk meldet einen Fehler',
  'the name or path is too long for this disk': 'der Name oder Pfad ist zu lang für dieses Laufwerk',
  'the file is too large for this disk': 'die Datei ist zu groß für dieses Laufwerk',
  'this disk cannot hold a file of this name': 'dieses Laufwerk kann keine Datei dieses Namens führen',
  'a folder on the way is a symbolic link; links are not followed':
    'ein Ordner auf dem Weg ist eine Verknüpfung; ihnen wird nicht gefolgt',
  'the folder lies on another disk than its root, or is mounted there':
    'der Ordner liegt auf einem anderen Laufwerk als der abgeglichene, oder ist dort eingehängt',
  'this disk cannot do that': 'dieses Laufwerk kann das nicht',
  'the synced folder is missing or was replaced by another one':
    'der abgeglichene Ordner fehlt, oder an seiner Stelle liegt ein anderer',
  'the synced folder was moved, deleted or unmounted':
    'der abgeglichene Ordner wurde verschoben, gelöscht oder ausgehängt',
  'the system ended the watch of the synced folder': 'das System beobachtet den abgeglichenen Ordner nicht mehr',
  'the file became shorter while it was read': 'die Datei wurde beim Lesen kürzer',
  'the file changed meanwhile': 'die Datei wurde inzwischen geändert',
  'the file is larger than %b bytes': 'die Datei ist größer als %b',
  'another program removed it while it was downloaded':
    'ein anderes Programm hat sie entfernt, während sie geladen wurde',
  'something that is not synced has this name here; move it away or rename it':
    'etwas, das nicht abgeglichen wird, heißt hier so; verschieben Sie es oder benennen Sie es um',
  'the file .holdfast/marker, which says whose folder this is, cannot be read':
    'die Datei .holdfast/marker, die sagt, wessen Ordner das ist, ist nicht lesbar',
  'It changed each time that it was about to be synced. Holdfast tries again in a while.':
    'Es änderte sich jedes Mal, wenn es abgeglichen werden sollte. Nach einer Weile wird es wieder versucht.',

  'The folder is missing.': 'Der Ordner fehlt.',
  'Another folder is at the place of this one.': 'An der Stelle dieses Ordners liegt ein anderer.',
  'Reconnect its disk, bring it back, or say with `locate` where it is now; until then nothing is synced and nothing is deleted.':
    'Verbinden Sie sein Laufwerk, holen Sie ihn zurück, oder sagen Sie mit `locate`, wo er jetzt ist; bis dahin wird nichts abgeglichen und nichts gelöscht.',
  'The folder is a copy of the one that was synced, or was put back from a backup.':
    'Der Ordner ist eine Kopie des abgeglichenen oder wurde aus einer Sicherung zurückgeholt.',
  'Remove the pair and add the folder again; until then nothing is synced and nothing is deleted.':
    'Gleichen Sie ihn nicht mehr ab und fügen Sie ihn neu hinzu; bis dahin wird nichts abgeglichen und nichts gelöscht.',
  'Another Holdfast, whose home is a copy of this one’s, works in the folder, too.':
    'Ein anderes Holdfast, dessen Verzeichnis eine Kopie von diesem ist, arbeitet ebenfalls in diesem Ordner.',
  'End one of the two and start the other again; until then nothing is synced and nothing is deleted from here.':
    'Beenden Sie eines der beiden und starten Sie das andere neu; bis dahin wird von hier aus nichts abgeglichen und nichts gelöscht.',
  'There is a file at the place of the folder.': 'An der Stelle des Ordners liegt eine Datei.',
  'Nothing is synced until the folder is back.': 'Nichts wird abgeglichen, bis der Ordner wieder da ist.',
  'The folder cannot be read.': 'Der Ordner ist nicht lesbar.',
  'Check its disk and permissions; until then nothing is synced and nothing is deleted.':
    'Prüfen Sie sein Laufwerk und seine Rechte; bis dahin wird nichts abgeglichen und nichts gelöscht.',
  'Reconnect its disk or bring the folder back.':
    'Verbinden Sie das Laufwerk wieder, oder bringen Sie den Ordner zurück.',
  'The folder bears its mark, but is a copy of the one that was synced.':
    'Der Ordner trägt sein Zeichen, ist aber eine Kopie des abgeglichenen.',
  'If it was moved, say with `locate` where it is now.':
    'Wurde er verschoben, sagen Sie mit `locate`, wo er jetzt ist.',
  '%p is not the folder that was synced: it does not bear its mark.':
    '%p ist nicht der abgeglichene Ordner: Er trägt nicht dessen Zeichen.',
  'The mark is in the hidden folder .holdfast, which has to be moved along. Without it, remove the pair and add the folder again.':
    'Das Zeichen ist im versteckten Ordner .holdfast, der mit umziehen muss. Ohne ihn gleichen Sie den Ordner nicht mehr ab und fügen ihn neu hinzu.',
  '%p is still there, and %p is a copy of it.': '%p ist noch da, und %p2 ist eine Kopie davon.',
  'Remove or disconnect the one that is to be synced no more.':
    'Entfernen oder trennen Sie den, der nicht mehr abgeglichen werden soll.',
  'If it is gone for good, remove the pair.': 'Ist er für immer fort, gleichen Sie ihn nicht mehr ab.',
  'If it was put back from a backup, remove the pair and add the folder again.':
    'Wurde er aus einer Sicherung zurückgeholt, gleichen Sie ihn nicht mehr ab und fügen Sie ihn neu hinzu.',
  '%p is missing, or another folder is at its place. Nothing is synced or deleted.':
    '%p fehlt, oder an seiner Stelle liegt ein anderer Ordner. Nichts wird abgeglichen oder gelöscht.',

  'The folder must be an absolute path.': 'Der Ordner muss ein vollständiger Pfad sein.',
  'The folder %p cannot be listed': 'Der Ordner %p lässt sich nicht auflisten',
  'The folder %p cannot be used': 'Der Ordner %p ist nicht zu gebrauchen',
  'The folder %p cannot be used: %s.': 'Der Ordner %p ist nicht zu gebrauchen: %s.',
  'The folder %p cannot be made': 'Der Ordner %p lässt sich nicht anlegen',
  '%p is a file; choose a folder.': '%p ist eine Datei; wählen Sie einen Ordner.',
  'A part of %p is a file; choose a folder.': 'Ein Teil von %p ist eine Datei; wählen Sie einen Ordner.',
  '%p is a link to something that does not exist.': '%p ist eine Verknüpfung ins Leere.',
  '%p does not exist.': '%p ist nicht da.',
  '%p is the whole disk; choose a folder in it.': '%p ist das ganze Laufwerk; wählen Sie einen Ordner darin.',
  '%p holds your whole home directory; choose a folder in it.':
    '%p enthält Ihr ganzes Benutzerverzeichnis; wählen Sie einen Ordner darin.',
  '%p overlaps the folder in which Holdfast keeps its own state.':
    '%p überschneidet sich mit dem Ordner, in dem Holdfast seinen Stand führt.',
  '%p is synced already.': '%p wird schon abgeglichen.',
  '%p is synced by another user of this computer.': '%p wird von jemand anderem an diesem Computer abgeglichen.',
  'Choose a folder of your own. If nobody syncs it any more, give yourself what was left there: %p':
    'Wählen Sie einen eigenen Ordner. Wenn ihn niemand mehr abgleicht, nehmen Sie sich, was dort zurückblieb: %p',
  '%p lies inside %p, which is synced already.': '%p liegt in %p, das schon abgeglichen wird.',
  '%p holds %p, which is synced already.': '%p enthält %p, das schon abgeglichen wird.',
  '%p is the data of a Holdfast server and cannot be synced.':
    '%p sind die Daten eines Holdfast-Servers und lassen sich nicht abgleichen.',
  '%p holds the keys and the state of a Holdfast device and cannot be synced.':
    '%p enthält Schlüssel und Stand eines Holdfast-Geräts und lässt sich nicht abgleichen.',
  '%p holds no files, only what the system tells of itself; choose another folder.':
    '%p enthält keine Dateien, nur was das System über sich sagt; wählen Sie einen anderen Ordner.',
  'A copy cannot be put into %p': 'In %p lässt sich keine Kopie legen',
  'The file cannot be put into %p': 'In %p lässt sich die Datei nicht legen',
  '%p holds too many copies of %p already.': '%p enthält schon zu viele Kopien von %p.',
  '%p is not there at the moment.': '%p ist gerade nicht da.',
  '%p cannot be written: %s.': '%p lässt sich nicht schreiben: %s.',
  '%p is too long to be shown here.': '%p ist zu lang, um hier gezeigt zu werden.',

  '%p cannot be read: %s. Nothing of it is taken for deleted.':
    '%p ist nicht lesbar: %s. Nichts davon gilt als gelöscht.',
  'The folder cannot be read: %s. Nothing of it is taken for deleted.':
    'Der Ordner ist nicht lesbar: %s. Nichts davon gilt als gelöscht.',
  '%p is not synced: %s. Rename it.': '%p wird nicht abgeglichen: %s. Benennen Sie es um.',
  'its name cannot be used on other devices': 'der Name geht auf anderen Geräten nicht',
  'its name is not valid Unicode': 'der Name ist kein gültiges Unicode',
  'its name is reserved for Holdfast': 'der Name gehört Holdfast',
  'its name is too long': 'der Name ist zu lang',
  '%p cannot be used: %s. The last good rules apply.':
    '%p ist nicht zu gebrauchen: %s. Es gelten die letzten guten Muster.',
  '%p cannot be used: %s. Until it can, nothing in its folder is synced.':
    '%p ist nicht zu gebrauchen: %s. Bis dahin wird nichts in seinem Ordner abgeglichen.',
  'line %n of the ignore rules cannot be used: %s': 'Zeile %n der Ausnahmen ist nicht zu gebrauchen: %s',
  'more than %n asterisks between two slashes': 'mehr als %n Sterne zwischen zwei Schrägstrichen',
  'more than %n characters': 'mehr als %n Zeichen',
  'more than %n rules': 'mehr als %n Regeln',
  '“**/” more than %n times': '„**/“ mehr als %n-mal',
  'the file is not text in UTF-8': 'die Datei ist kein Text in UTF-8',
  'the file is not text': 'die Datei ist kein Text',
  'a pattern is not understood': 'ein Muster wird nicht verstanden',
  '%p is a symbolic link; links are not synced.': '%p ist eine Verknüpfung; sie werden nicht abgeglichen.',
  '%p is no regular file and is not synced.': '%p ist keine gewöhnliche Datei und wird nicht abgeglichen.',
  '%p is not synced.': '%p wird nicht abgeglichen.',
  '%p is not selected on this device, but something is there.':
    '%p soll nicht auf diesem Gerät sein, aber dort ist etwas.',
  'It is not synced; move it elsewhere or select %p again.':
    'Es wird nicht abgeglichen; verschieben Sie es oder holen Sie %p wieder auf dieses Gerät.',

  'The folder of the local index does not exist.': 'Der Ordner des Verzeichnisses fehlt.',
  'The folder of the local index cannot be made': 'Der Ordner des Verzeichnisses lässt sich nicht anlegen',
  'The local index was written by a newer version of Holdfast. Update the app.':
    'Das Verzeichnis stammt von einer neueren Fassung von Holdfast. Bringen Sie die App auf den neuesten Stand.',
  'The local index cannot be read. Check its disk and permissions.':
    'Das Verzeichnis ist nicht lesbar. Prüfen Sie Laufwerk und Rechte.',
  'The local index cannot be read. It will be set aside and rebuilt.':
    'Das Verzeichnis ist nicht lesbar. Es wird beiseitegelegt und neu angelegt.',
  'The disk that holds the local index is full. Free some space.':
    'Das Laufwerk mit dem Verzeichnis ist voll. Schaffen Sie Platz.',
  'The local index is in use by another process.': 'Das Verzeichnis wird von einem anderen Prozess benutzt.',
  'The local index cannot be read or written. Check its disk and permissions.':
    'Das Verzeichnis ist nicht lesbar oder nicht schreibbar. Prüfen Sie Laufwerk und Rechte.',
  'The index was left unfinished.': 'Das Verzeichnis blieb unfertig.',
  'The index of the pair cannot be removed': 'Das Verzeichnis des Ordners lässt sich nicht entfernen',
  'A row of the local index is damaged.': 'Ein Eintrag des Verzeichnisses ist beschädigt.',
  'The stored position of a vault is damaged.': 'Der gemerkte Stand eines Tresors ist beschädigt.',
  'What this device stored about an account or vault is damaged.':
    'Was dieses Gerät von einem Konto oder Tresor weiß, ist beschädigt.',
  'What was noted of a change cannot be read.': 'Was von einer Änderung notiert wurde, ist nicht lesbar.',
  '“%p” cannot be written': '„%p“ lässt sich nicht schreiben',
  '“%p” cannot be read': '„%p“ ist nicht lesbar',
  '“%p” cannot be removed': '„%p“ lässt sich nicht entfernen',
  '“%p” was written by a newer version of Holdfast.': '„%p“ stammt von einer neueren Fassung von Holdfast.',
  'Update this one; nothing was changed.': 'Aktualisieren Sie diese; nichts wurde geändert.',
  '“%p” in the Holdfast home is damaged and cannot be read.':
    '„%p“ im Holdfast-Verzeichnis ist beschädigt und nicht lesbar.',
  'Put it back from a backup, or move it away and sign in again; your folders are not touched.':
    'Spielen Sie sie aus einer Sicherung zurück, oder legen Sie sie beiseite und melden Sie sich neu an; Ihre Ordner bleiben unberührt.',
  'A file of the Holdfast home cannot be made': 'Eine Datei im Holdfast-Verzeichnis lässt sich nicht anlegen',
  'The home cannot be locked': 'Das Holdfast-Verzeichnis lässt sich nicht sperren',
  'The Holdfast home cannot be locked; its disk may be full or read-only.':
    'Das Holdfast-Verzeichnis lässt sich nicht sperren; vielleicht ist sein Laufwerk voll oder schreibgeschützt.',
  'The environment does not say where your home directory is.':
    'Die Umgebung sagt nicht, wo Ihr Benutzerverzeichnis ist.',
  'The Holdfast home %p is not a folder.': 'Das Holdfast-Verzeichnis %p ist kein Ordner.',
  'The Holdfast home %p cannot be used': 'Das Holdfast-Verzeichnis %p ist nicht zu gebrauchen',
  'The Holdfast home %p is open to other users and holds other things.':
    'Das Holdfast-Verzeichnis %p steht anderen offen und enthält anderes.',
  'The Holdfast home %p belongs to another user of this computer.':
    'Das Holdfast-Verzeichnis %p gehört jemand anderem an diesem Computer.',
  'Run it as that user, without sudo, or first give the whole folder to the one who runs it: chown -R USER %p':
    'Starten Sie es unter dessen Namen, ohne sudo, oder geben Sie den ganzen Ordner erst dem, der es startet: chown -R NAME %p',
};
