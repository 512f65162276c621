/** Sentences of the engine that stand in answers as they are, in German. */
export const germanPhrases: Readonly<Record<string, string>> = {
  'Both sides are the same; there is nothing to move.': 'Beide Seiten sind gleich; es gibt nichts zu übertragen.',
  'It was deleted on both sides.': 'Es wurde auf beiden Seiten gelöscht.',
  'The same file is already on both sides.': 'Dieselbe Datei ist schon auf beiden Seiten.',
  'The same folder is on both sides, so the two are merged.':
    'Derselbe Ordner ist auf beiden Seiten; sie werden vereinigt.',
  'Both sides have a file of this size here; the contents are compared before anything is done.':
    'Beide Seiten haben hier eine Datei dieser Größe; erst wird der Inhalt verglichen.',
  'It is new on this device.': 'Es ist neu auf diesem Gerät.',
  'It was edited on this device.': 'Es wurde auf diesem Gerät bearbeitet.',
  'It was replaced by another one of the same name on this device.':
    'Es wurde auf diesem Gerät durch ein anderes gleichen Namens ersetzt.',
  'It was moved or renamed on this device.': 'Es wurde auf diesem Gerät verschoben oder umbenannt.',
  'It was deleted on this device and not changed elsewhere since.':
    'Es wurde auf diesem Gerät gelöscht und seither anderswo nicht geändert.',
  'It is new in the vault.': 'Es ist neu im Tresor.',
  'It was edited on another device.': 'Es wurde auf einem anderen Gerät bearbeitet.',
  'It was moved or renamed on another device.': 'Es wurde auf einem anderen Gerät verschoben oder umbenannt.',
  'It was deleted on another device and not changed here since.':
    'Es wurde auf einem anderen Gerät gelöscht und hier seither nicht geändert.',
  'One side deleted it while the other one changed it; the change is kept.':
    'Eine Seite hat es gelöscht, die andere geändert; die Änderung bleibt.',
  'One side deleted the folder while the other one moved or renamed it; it is kept, with what is in it.':
    'Eine Seite hat den Ordner gelöscht, die andere ihn verschoben oder umbenannt; er bleibt mit seinem Inhalt.',
  'The folder was deleted on one side, but something in it was changed on the other; the folder is kept.':
    'Der Ordner wurde auf einer Seite gelöscht, auf der anderen aber etwas darin geändert; er bleibt.',
  'It was edited on both sides; the version of this device is kept as a conflict copy.':
    'Es wurde auf beiden Seiten bearbeitet; die Fassung dieses Geräts bleibt als Konfliktkopie.',
  'Another one in the vault has this name; the one of this device gets a new name.':
    'Im Tresor heißt schon etwas so; das von diesem Gerät bekommt einen neuen Namen.',
  'It was moved to two places; the one that reached the vault first holds.':
    'Es wurde an zwei Orte verschoben; es gilt der, der zuerst im Tresor war.',
  'Two moves would put folders into each other; the one that reached the vault first holds.':
    'Zwei Verschiebungen steckten Ordner ineinander; es gilt die, die zuerst im Tresor war.',
  'This computer cannot hold that name in this folder, so it is shown under another one.':
    'Dieser Computer kann den Namen in diesem Ordner nicht führen; darum steht es unter einem anderen.',
  'Names or places are exchanged, which takes a step in between.':
    'Namen oder Orte werden getauscht; das braucht einen Zwischenschritt.',
  'In step: there is nothing to do.': 'Gleich: Es gibt nichts zu tun.',
  'Not known here.': 'Hier nicht bekannt.',
  'Not in the vault.': 'Nicht im Tresor.',
  'Not in the folder here.': 'Nicht in diesem Ordner.',
  'Never agreed.': 'Nie vereinbart.',
  'It is in the folder, but was not looked at yet.': 'Es liegt im Ordner, wurde aber noch nicht angesehen.',
  'The e-mail address or the password is wrong.': 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  'The e-mail address or the recovery words are wrong.':
    'Die E-Mail-Adresse oder die Wiederherstellungswörter sind falsch.',
  'Holdfast does not answer. Is it still running?': 'Holdfast antwortet nicht. Läuft es noch?',
  'The folder must be an absolute path.': 'Der Ordner muss ein vollständiger Pfad sein.',
  '%n files and folders were deleted in the folder here.': '%n Dateien und Ordner wurden in diesem Ordner gelöscht.',
  'They are still in the vault and on other devices until you allow it.':
    'Sie sind noch im Tresor und auf anderen Geräten, bis Sie es erlauben.',
  '%n files and folders were deleted on another device.':
    '%n Dateien und Ordner wurden auf einem anderen Gerät gelöscht.',
  'They stay in the folder here until you allow it.': 'Sie bleiben in diesem Ordner, bis Sie es erlauben.',
  '%p is a symbolic link; links are not synced.': '%p ist eine Verknüpfung; sie werden nicht abgeglichen.',
  '%p is no regular file and is not synced.': '%p ist keine gewöhnliche Datei und wird nicht abgeglichen.',
  '%p is not synced.': '%p wird nicht abgeglichen.',
  'The folder is missing.': 'Der Ordner fehlt.',
  'Another folder is at the place of this one.': 'An der Stelle dieses Ordners liegt ein anderer.',
  'Reconnect its disk or bring it back; until then nothing is synced and nothing is deleted.':
    'Verbinden Sie sein Laufwerk oder holen Sie ihn zurück; bis dahin wird nichts abgeglichen und nichts gelöscht.',
  'There is a file at the place of the folder.': 'An der Stelle des Ordners liegt eine Datei.',
  'Nothing is synced until the folder is back.': 'Nichts wird abgeglichen, bis der Ordner wieder da ist.',
  'The folder cannot be read.': 'Der Ordner ist nicht lesbar.',
  'Check its permissions; until then nothing is synced and nothing is deleted.':
    'Prüfen Sie seine Rechte; bis dahin wird nichts abgeglichen und nichts gelöscht.',
};
