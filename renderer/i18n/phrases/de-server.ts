/** What goes wrong on the way to the server, with the account or with what the server says, in German. */
export const germanServer: Readonly<Record<string, string>> = {
  'The connection was closed.': 'Die Verbindung wurde geschlossen.',
  'The server is busy; try again soon.': 'Der Server ist beschäftigt; versuchen Sie es gleich noch einmal.',
  'The server is closing.': 'Der Server wird gerade beendet.',
  'The server cannot write to its disk now.': 'Der Server kann gerade nicht auf sein Laufwerk schreiben.',
  'The server failed; its log says more.': 'Der Server hat versagt; Näheres steht in seinem Protokoll.',
  'The account’s storage is full.': 'Der Speicher des Kontos ist voll.',
  'Get more space, or delete a vault; files that you delete make room only weeks later, since they can be brought back until then.':
    'Besorgen Sie mehr Platz oder löschen Sie einen Tresor; gelöschte Dateien machen erst nach Wochen Platz, da sie bis dahin zurückzuholen sind.',
  'Too many requests; wait a while.': 'Zu viele Anfragen; warten Sie eine Weile.',
  'This account has as many of these as the server allows.':
    'Der Server hält für dieses Konto so viele davon, wie es haben darf.',
  'This server does not know the address you used for it; whoever runs it has to add that address.':
    'Dieser Server kennt die Adresse nicht, unter der er erreicht wurde; wer ihn betreibt, muss sie ihm nennen.',
  'This server takes no new accounts.': 'Dieser Server nimmt keine neuen Konten an.',
  'The server refused the request.': 'Der Server hat abgelehnt.',
  'The server does not have what was asked for.': 'Der Server hat nicht, was verlangt wurde.',
  'Something has changed on the server in the meantime.': 'Auf dem Server hat sich inzwischen etwas geändert.',
  'The server says that this is too large.': 'Der Server sagt, das sei zu groß.',
  'The server of this computer does not run: %s': 'Der Server auf diesem Computer läuft nicht: %s',
  'Its program cannot be started.': 'Sein Programm lässt sich nicht starten.',
  'The server’s database was written by a newer version of Holdfast; update it.':
    'Die Datenbank des Servers stammt von einer neueren Fassung von Holdfast; aktualisieren Sie diese.',
  'The data folder was written by a newer version of Holdfast; update this one.':
    'Der Ordner seiner Daten stammt von einer neueren Fassung von Holdfast; aktualisieren Sie diese.',
  'The data folder holds objects, but its database meta.db is missing or empty; put it back from a copy.':
    'Im Ordner seiner Daten sind Objekte, aber die Datenbank meta.db fehlt oder ist leer; holen Sie sie aus einer Kopie zurück.',
  'Another server is using this data folder; stop it first.':
    'Ein anderer Server benutzt den Ordner seiner Daten; beenden Sie den zuerst.',
  'The data folder belongs to another user of this computer.':
    'Der Ordner seiner Daten gehört jemand anderem an diesem Computer.',
  'Run the server as that user, or first give the whole folder to the one who runs it: chown -R USER %p':
    'Starten Sie den Server unter dessen Namen, oder geben Sie den ganzen Ordner erst dem, der ihn startet: chown -R NAME %p',
  'The server needs a newer version of this app.': 'Der Server braucht eine neuere Fassung dieser App.',
  'The server answers too slowly to be of use.': 'Der Server antwortet zu langsam, um von Nutzen zu sein.',
  'The server cannot answer now.': 'Der Server kann gerade nicht antworten.',
  'The server did not understand the request; is it a Holdfast server?':
    'Der Server hat die Frage nicht verstanden; ist es ein Holdfast-Server?',
  'What answers at the server’s address is no Holdfast server (status %n).':
    'Was unter der Adresse des Servers antwortet, ist kein Holdfast-Server (Status %n).',
  'Check the address, or what stands in front of the server.': 'Prüfen Sie die Adresse, oder was vor dem Server steht.',
  'What stands in front of the server lets nothing as large as this pass.':
    'Was vor dem Server steht, lässt nichts durch, was so groß ist.',
  'Whoever runs it has to allow 16 MiB.': 'Wer es betreibt, muss 16 MiB erlauben.',
  'The server redirected this device, which does not follow; check the server’s address.':
    'Der Server verweist anderswohin; dem wird nicht gefolgt. Prüfen Sie die Adresse des Servers.',
  'The server failed.': 'Der Server hat versagt.',
  'The server’s answer is malformed; none of it was used.':
    'Die Antwort des Servers ist missgebildet; nichts davon wurde benutzt.',
  'The server’s answer is larger than it may be; none of it was used.':
    'Die Antwort des Servers ist größer als erlaubt; nichts davon wurde benutzt.',
  'The server answered something other than what was asked for; none of it was used.':
    'Der Server hat etwas anderes geantwortet als gefragt; nichts davon wurde benutzt.',
  'The server at that address is another one, or holds an older copy: it does not know all that this computer has seen. Nothing was changed.':
    'Der Server unter dieser Adresse ist ein anderer oder hat eine ältere Kopie: Er kennt nicht alles, was dieser Computer gesehen hat. Nichts wurde geändert.',
  'The server does not know this device.': 'Der Server kennt dieses Gerät nicht.',
  'The server’s certificate is not trusted; nothing was sent.':
    'Dem Zertifikat des Servers ist nicht zu trauen; nichts wurde gesendet.',
  'By this computer’s clock the server’s certificate is not valid now; nothing was sent.':
    'Nach der Uhr dieses Computers gilt das Zertifikat des Servers jetzt nicht; nichts wurde gesendet.',
  'If the date here is right, whoever runs the server has to renew it.':
    'Stimmt das Datum hier, muss es erneuern, wer den Server betreibt.',
  'Check the address, and whether somebody intercepts the connection.':
    'Prüfen Sie die Adresse, oder wer in der Leitung ist.',
  'This is not a server’s address; one looks like https://sync.example.org.':
    'Das ist keine Serveradresse; sie sieht aus wie https://sync.example.org.',
  'A server’s address has nothing after the host; it looks like https://sync.example.org.':
    'Hinter dem Rechnernamen steht nichts; eine Serveradresse sieht aus wie https://sync.example.org.',
  'The server’s address has to begin with https://; only this computer itself can be reached without it.':
    'Die Serveradresse muss mit https:// beginnen; nur dieser Computer selbst ist ohne erreichbar.',
  'No free port was found on 127.0.0.1 for the server.':
    'Auf 127.0.0.1 fand sich kein freier Anschluss für den Server.',
  'The server on this computer ended before it was ready.':
    'Der Server auf diesem Computer endete, bevor er bereit war.',
  'the server of this computer': 'der Server dieses Computers',
  'The server says each time that it does not hold what was sent to it.':
    'Der Server sagt jedes Mal, er habe nicht, was ihm gesendet wurde.',
  'The server says each time that another device was first.':
    'Der Server sagt jedes Mal, ein anderes Gerät sei schneller gewesen.',
  'the server does not hold a part of this file': 'dem Server fehlt ein Teil dieser Datei',
  'the server left out a part of this file': 'der Server hat einen Teil dieser Datei ausgelassen',
  'The server does not hold this content any more.': 'Der Server hat diesen Inhalt nicht mehr.',
  'The server does not give a vault of this account at the moment.':
    'Der Server gibt einen Tresor dieses Kontos gerade nicht her.',
  'The server does not give the keys of this vault at the moment.':
    'Der Server gibt die Schlüssel dieses Tresors gerade nicht her.',
  'The server lacks a part of the checkpoint.': 'Dem Server fehlt ein Teil des Zwischenstands.',

  'The server did not answer: the account may have the new password already, or still the former one.':
    'Der Server antwortete nicht: Das Konto hat vielleicht schon das neue Passwort, vielleicht noch das bisherige.',
  'This is not the e-mail address of the account that is signed in here.':
    'Das ist nicht die E-Mail-Adresse des Kontos, das hier angemeldet ist.',
  'This server is of an older version, which cannot delete accounts.':
    'Dieser Server ist von einer älteren Version, die keine Konten löschen kann.',
  'This server is of an older version, which cannot delete vaults.':
    'Dieser Server ist von einer älteren Version, die keine Tresore löschen kann.',
  'The server did not answer: the vault may be deleted already, or still be there.':
    'Der Server antwortete nicht: Der Tresor ist vielleicht schon gelöscht, vielleicht noch da.',
  'Look at your vaults once it can be reached, and try again if it is there.':
    'Sehen Sie nach, sobald er erreichbar ist, und versuchen Sie es noch einmal, wenn der Tresor noch da ist.',
  'There is no such vault in the account.': 'Im Konto gibt es keinen solchen Tresor.',
  'This is not the name of the vault.': 'Das ist nicht der Name des Tresors.',
  'Several vaults have this name.': 'Mehrere Tresore haben diesen Namen.',
  'This vault was deleted on another device, or the server no longer has it.':
    'Dieser Tresor wurde auf einem anderen Gerät gelöscht, oder der Server hat ihn nicht mehr.',
  'Your files stay where they are.': 'Ihre Dateien bleiben, wo sie sind.',
  'Stop syncing the folder here; then you can add it with another vault.':
    'Beenden Sie hier den Abgleich des Ordners; danach können Sie ihn mit einem anderen Tresor hinzufügen.',
  'Ask whoever runs it to update it.': 'Bitten Sie, wer ihn betreibt, ihn zu aktualisieren.',
  'The server did not answer: the account may be deleted already, or still be there.':
    'Der Server antwortete nicht: Das Konto ist vielleicht schon gelöscht, vielleicht noch da.',
  'The server did not answer: the former recovery words may open nothing any more. Make new ones once it can be reached.':
    'Der Server antwortete nicht: Die bisherigen Wiederherstellungswörter öffnen vielleicht nichts mehr. Erzeugen Sie neue, sobald er erreichbar ist.',
  'The certificate of the proxy %p is not trusted; nothing was sent.':
    'Dem Zertifikat des Proxys %p ist nicht zu trauen; nichts wurde gesendet.',
  'The proxy %p cannot be reached.': 'Der Proxy %p ist nicht erreichbar.',
  'The proxy %p asks for a name and a password.': 'Der Proxy %p verlangt einen Namen und ein Passwort.',
  'They can be given in the address: HTTPS_PROXY=http://NAME:PASSWORD@proxy.example.org:3128.':
    'Sie lassen sich in der Adresse angeben: HTTPS_PROXY=http://NAME:PASSWORT@proxy.example.org:3128.',
  'The proxy %p does not connect to %p (status %n).': 'Der Proxy %p stellt keine Verbindung zu %p her (Status %n).',
  '%p names no proxy that can be used; one looks like http://proxy.example.org:3128.':
    '%p nennt keinen Proxy, der sich verwenden lässt; einer sieht aus wie http://proxy.example.org:3128.',
  'What the system is set to names no proxy that can be used; one looks like http://proxy.example.org:3128.':
    'Was im System eingestellt ist, nennt keinen Proxy, der sich verwenden lässt; einer sieht aus wie http://proxy.example.org:3128.',
  'The password is wrong.': 'Das Passwort ist falsch.',
  'The e-mail address or the password is wrong.': 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  'The e-mail address or the recovery words are wrong.':
    'Die E-Mail-Adresse oder die Wiederherstellungswörter sind falsch.',
  'There is already an account with this e-mail address on that server.':
    'Auf diesem Server gibt es schon ein Konto mit dieser E-Mail-Adresse.',
  'This is not an e-mail address.': 'Das ist keine E-Mail-Adresse.',
  'A password needs at least %n characters; four or five words do well.':
    'Ein Passwort braucht mindestens %n Zeichen; vier oder fünf Wörter sind gut.',
  'A password has at most 1024 bytes.': 'Ein Passwort hat höchstens 1024 Bytes.',
  'A password has 1 to %n bytes.': 'Ein Passwort hat 1 bis %n Bytes.',
  'This password is among the first that are guessed; four or five words that do not belong together do well.':
    'Dieses Passwort gehört zu denen, die zuerst geraten werden; vier oder fünf Wörter, die nichts miteinander zu tun haben, sind gut.',
  'A recovery key has 24 words; these are %n.': 'Es sind 24 Wiederherstellungswörter; das sind %n.',
  'These are not the recovery words: one is misspelt, missing or in another place.':
    'Das sind nicht die Wiederherstellungswörter: Eines ist falsch geschrieben, fehlt oder steht anderswo.',
  'The server ended the session; try again.': 'Der Server hat die Sitzung beendet; versuchen Sie es noch einmal.',
  'The session is over; sign in again.': 'Die Sitzung ist vorbei; melden Sie sich neu an.',
  'Nobody is signed in on this device.': 'Auf diesem Gerät ist niemand angemeldet.',
  'This device is signed in already, as %p.': 'Dieses Gerät ist schon angemeldet, als %p.',
  'This device cannot be signed out on the server: %s': 'Dieses Gerät lässt sich am Server nicht abmelden: %s',
  'The server does not let this device in any more.':
    'Der Server lässt diesen Computer nicht mehr herein. Wurde er von Ihren Geräten entfernt, melden Sie sich in den Einstellungen ab und dann neu an; Ihre Dateien bleiben.',
  'This device was removed from the account.':
    'Dieser Computer wurde von Ihren Geräten entfernt. Melden Sie sich in den Einstellungen ab; um ihn wieder zu benutzen, melden Sie sich neu an. Ihre Dateien bleiben.',
  'This is the device you are using; sign out instead.':
    'Das ist das Gerät, das Sie gerade benutzen; melden Sie sich stattdessen ab.',
  'There is no such device in this account.': 'Ein solches Gerät gibt es in diesem Konto nicht.',
  "This device's keys are not in the keychain any more.":
    'Die Schlüssel dieses Computers sind nicht mehr im Schlüsselbund. Melden Sie sich in den Einstellungen ab und dann neu an; Ihre Dateien bleiben.',
  "The system’s keychain does not open this device's keys.":
    'Der Schlüsselbund des Systems öffnet die Schlüssel dieses Computers nicht. Entsperren Sie ihn, dann geht der Abgleich weiter. Wurde er neu angelegt, melden Sie sich in den Einstellungen ab und dann neu an; Ihre Dateien bleiben.',
  "This device's keys cannot be opened at the moment.": 'Die Schlüssel dieses Geräts lassen sich zurzeit nicht öffnen.',
  'Nothing is synced until they can be.': 'Bis dahin wird nichts abgeglichen.',
  "This device's keys cannot be opened: the keychain holds another secret.":
    'Die Schlüssel dieses Geräts lassen sich nicht öffnen: Im Schlüsselbund liegt ein anderes Geheimnis.',
  'The keychain of this computer does not take the keys of this device.':
    'Der Schlüsselbund dieses Computers nimmt die Schlüssel dieses Geräts nicht an.',
  "This device's keys are in the system's keychain.": 'Die Schlüssel dieses Geräts sind im Schlüsselbund des Systems.',
  "This device's keys are locked with a passphrase.":
    'Die Schlüssel dieses Geräts sind mit einem Kennsatz verschlossen.',
  "The passphrase of this device's keys is wrong.": 'Der Kennsatz der Schlüssel dieses Geräts ist falsch.',
  'The system’s keychain gave something else than the key.':
    'Der Schlüsselbund des Systems gab etwas anderes als den Schlüssel.',
  "The account's master key was changed on another device.":
    'Der Hauptschlüssel des Kontos wurde auf einem anderen Gerät geändert.',
  'The account was changed on another device meanwhile. Try again.':
    'Das Konto wurde inzwischen auf einem anderen Gerät geändert. Versuchen Sie es noch einmal.',
  'Other devices change the account all the time; try again in a moment.':
    'Andere Geräte ändern das Konto fortwährend; versuchen Sie es gleich noch einmal.',
  "The account's history on this device is older than the vault's.":
    'Was dieses Gerät vom Konto weiß, ist älter als der Tresor.',
  'A device was removed: the vault needs a new key first.':
    'Ein Gerät wurde entfernt: Der Tresor braucht erst einen neuen Schlüssel.',
  'A new key of this vault was not given to this account.':
    'Dieses Konto hat einen neuen Schlüssel des Tresors nicht bekommen.',
  'This vault was changed by a newer version of Holdfast. Update this one; until then nothing of the vault is synced here.':
    'Dieser Tresor wurde von einer neueren Fassung von Holdfast geändert. Aktualisieren Sie diese; bis dahin wird hier nichts von ihm abgeglichen.',
  'A vault cannot have this name.': 'Ein Tresor kann nicht so heißen.',
  'The vault “%p” is synced with %p already.': 'Der Tresor „%p“ wird schon mit %p abgeglichen.',
  'More than 250 GiB of this file are new, which no change can hold. Split it, or ignore it.':
    'Mehr als 250 GiB dieser Datei sind neu; so viel fasst keine Änderung. Teilen Sie sie, oder nehmen Sie sie aus.',

  'The server shows an older state of this vault than this device has seen.':
    'Der Server zeigt einen älteren Stand dieses Tresors, als dieses Gerät schon gesehen hat.',
  'The server shows another history of this vault than this device has seen.':
    'Der Server zeigt eine andere Geschichte dieses Tresors, als dieses Gerät gesehen hat.',
  'The server shows another history of this vault than before.':
    'Der Server zeigt eine andere Geschichte dieses Tresors als vorher.',
  'the server shows another history of this vault than before':
    'der Server zeigt eine andere Geschichte dieses Tresors als vorher',
  'The server shows an older state of the account than this device has seen.':
    'Der Server zeigt einen älteren Stand des Kontos, als dieses Gerät schon gesehen hat.',
  'The server shows another history of the account than this device has seen.':
    'Der Server zeigt eine andere Geschichte des Kontos, als dieses Gerät gesehen hat.',
  'The server shows another account for this address than this device has seen.':
    'Der Server zeigt zu dieser Adresse ein anderes Konto, als dieses Gerät gesehen hat.',
  'The server gave the account of another address.': 'Der Server gab das Konto einer anderen Adresse.',
  'The server says that your account does not exist, though this device knows it.':
    'Der Server sagt, Ihr Konto gebe es nicht, obwohl dieses Gerät es kennt.',
  "The server shows a vault that is not in the account's history.":
    'Der Server zeigt einen Tresor, der in der Geschichte des Kontos nicht vorkommt.',
  'The server gave account keys that are not the newest.':
    'Der Server gab Schlüssel des Kontos, die nicht die neuesten sind.',
  'The server gave a vault key that none of your devices made.':
    'Der Server gab einen Schlüssel des Tresors, den keines Ihrer Geräte gemacht hat.',
  "The account's keys are not the ones that its history names.":
    'Die Schlüssel des Kontos sind nicht die, die seine Geschichte nennt.',
  "The account's history does not follow what this device has seen.":
    'Die Geschichte des Kontos folgt nicht auf das, was dieses Gerät gesehen hat.',
  "The account's history holds a step that is not allowed.":
    'Die Geschichte des Kontos enthält einen unerlaubten Schritt.',
  'The data is not authentic: it was changed, or made for another place.':
    'Die Daten sind nicht echt: Sie wurden geändert oder für eine andere Stelle gemacht.',
  'The data uses weaker or unknown cryptography; it is refused.':
    'Die Daten benutzen schwächere oder unbekannte Kryptografie; sie werden abgelehnt.',
  'The data exceeds a declared limit; it is refused.': 'Die Daten überschreiten eine Grenze; sie werden abgelehnt.',
  'The checkpoint names more keys than a vault can have.':
    'Der Zwischenstand nennt mehr Schlüssel, als ein Tresor haben kann.',
  'The checkpoint was written by a device that has been removed.':
    'Der Zwischenstand stammt von einem Gerät, das entfernt wurde.',
  'A checkpoint came from a device that may not write this vault.':
    'Ein Zwischenstand kam von einem Gerät, das diesen Tresor nicht schreiben darf.',
  'A checkpoint refers to a history of the account that this device does not know.':
    'Ein Zwischenstand beruft sich auf eine Geschichte des Kontos, die dieses Gerät nicht kennt.',
  'A checkpoint tells another history of this vault than this device has replayed.':
    'Ein Zwischenstand erzählt eine andere Geschichte dieses Tresors, als dieses Gerät kennt.',
  'A change came from an account that is no member of this vault.':
    'Eine Änderung kam von einem Konto, das zu diesem Tresor nicht gehört.',
  'A change refers to a history of the account that this device does not know.':
    'Eine Änderung beruft sich auf eine Geschichte des Kontos, die dieses Gerät nicht kennt.',
  'A change came from a device that is unknown or was removed.':
    'Eine Änderung kam von einem Gerät, das unbekannt ist oder entfernt wurde.',
  'A change was sealed with a vault key that is not the current one.':
    'Eine Änderung wurde mit einem Schlüssel versiegelt, der nicht der gültige ist.',
  'A change does not follow the history that this device has seen.':
    'Eine Änderung folgt nicht auf das, was dieses Gerät gesehen hat.',
  'The vault does not begin as the account says that it does.': 'Der Tresor beginnt nicht so, wie das Konto es sagt.',
  'A change of a device is missing, or was given twice.': 'Eine Änderung eines Geräts fehlt oder kam doppelt.',
  'A change begins or omits a vault key where it may not.':
    'Eine Änderung beginnt oder übergeht einen Schlüssel, wo sie es nicht darf.',
  'A stored security stop cannot be read.': 'Ein gemerkter Sicherheitshalt ist nicht lesbar.',
};
