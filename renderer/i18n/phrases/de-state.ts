/** What a file is, why it is so, and what a folder pair is doing, in German. */
export const germanState: Readonly<Record<string, string>> = {
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
  'It waits for another file or folder, which has its place or name, or has to come first, and cannot be synced now. See the issues.':
    'Es wartet auf eine andere Datei oder einen anderen Ordner, der seinen Ort oder Namen hat oder zuerst kommen muss und jetzt nicht abgeglichen werden kann. Sehen Sie unter Probleme nach.',
  'Not known here.': 'Hier nicht bekannt.',
  'Not in the vault.': 'Nicht im Tresor.',
  'Not in the folder here.': 'Nicht in diesem Ordner.',
  'Never agreed.': 'Nie vereinbart.',
  'Both sides agree that it is gone.': 'Beide Seiten stimmen überein: es ist weg.',
  'It is in the folder, but was not looked at yet.': 'Es liegt im Ordner, wurde aber noch nicht angesehen.',
  '%n files and folders were deleted in the folder here.': '%n Dateien und Ordner wurden in diesem Ordner gelöscht.',
  'They are still in the vault and on other devices until you allow it.':
    'Sie sind noch im Tresor und auf anderen Geräten, bis Sie es erlauben.',
  '%n files and folders were deleted on another device.':
    '%n Dateien und Ordner wurden auf einem anderen Gerät gelöscht.',
  'They stay in the folder here until you allow it.': 'Sie bleiben in diesem Ordner, bis Sie es erlauben.',
  'It was deleted together with much else; the delete waits for you to allow it. See the issues.':
    'Es wurde zusammen mit vielem anderen gelöscht; das Löschen wartet auf Ihre Erlaubnis. Sehen Sie unter Probleme nach.',
  'It is being written at the moment. It is synced once it has been left alone for a while.':
    'Es wird gerade geschrieben. Es kommt dran, wenn es eine Weile in Ruhe war.',
  'It is not selected on this device: it stays as it is in the vault, and on the disk here if anything is there.':
    'Es soll nicht auf diesem Gerät sein: Im Tresor bleibt es, wie es ist, und hier auf der Platte auch, falls dort etwas ist.',
  'It is ignored, by a .holdfastignore file or as one of the files that are never synced: it stays as it is on both sides.':
    'Es ist eine Ausnahme, durch eine Datei .holdfastignore oder als etwas, das nie abgeglichen wird: Es bleibt auf beiden Seiten, wie es ist.',
  'Stopped for security, so nothing is done: %s': 'Zur Sicherheit angehalten, darum geschieht nichts: %s',
  'Folder %p.': 'Ordner %p.',
  'File %p: %b bytes of %t, revision %p.': '%b, geändert am %t.',
  'Folder %p, placed there by change %n of %t.': 'Ordner, dort seit %t.',
  'File %p, placed there by change %n of %t: %b bytes of %t, revision %p.': '%b, geändert am %t2, dort seit %t.',
  'Deleted from %p by change %n of %t.': 'Gelöscht am %t; es war %p.',
  'File %p, revision %p.': 'Datei %p.',
  'One issue needs you': 'Ein Problem braucht Sie',
  '%n issues need you': '%n Probleme brauchen Sie',
  'Stopped for security: nothing is changed here or sent. See the issues.':
    'Zur Sicherheit angehalten: Hier wird nichts geändert und nichts gesendet. Sehen Sie unter Probleme nach.',
  'Looking for changes': 'Sucht nach Änderungen',
  'Waiting for files to settle': 'Wartet, bis Dateien in Ruhe sind',
  'Some folders cannot be watched; they are checked from time to time':
    'Einige Ordner lassen sich nicht beobachten; sie werden ab und zu angesehen',
  'Changes wait for a sync': 'Änderungen warten auf einen Abgleich',
  'Up to date': 'Auf dem neuesten Stand',
  'Not synced yet': 'Noch nicht abgeglichen',
  'Stopped for security: %s': 'Zur Sicherheit angehalten: %s',
  'Not running. Last known: %s': 'Läuft nicht. Zuletzt bekannt: %s',
  'Offline: %s': 'Offline: %s',
  'The manifest is gone.': 'Ihr Inhaltsverzeichnis fehlt.',
  'Its current version is not known.': 'Ihre aktuelle Version ist nicht bekannt.',
  'A part of it is missing on the server.': 'Ein Teil davon fehlt auf dem Server.',
  'A part of it on the server is not what was stored.':
    'Ein Teil davon ist auf dem Server nicht, was gespeichert wurde.',
  'As long as this version is kept, old versions of other files take up room on the server, too.':
    'Solange diese Version aufgehoben wird, brauchen auch alte Versionen anderer Dateien Platz auf dem Server.',
  'The local index cannot read what it keeps of it; it can be rebuilt.':
    'Das Verzeichnis hier kann nicht lesen, was es davon führt; es lässt sich neu anlegen.',
};
