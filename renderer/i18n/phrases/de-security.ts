/** What a person reads about a security stop, sentence by sentence, in German. */
export const germanSecurity: Readonly<Record<string, string>> = {
  'Your files on this computer are as they were; nothing of this is synced any more.':
    'Ihre Dateien auf diesem Computer sind, wie sie waren; davon wird nichts mehr abgeglichen.',
  'The server sent something that none of your devices made, or that was changed on the way.':
    'Der Server sandte etwas, das keines Ihrer Geräte gemacht hat oder das unterwegs geändert wurde.',
  'It was refused, and syncing was stopped.': 'Es wurde abgelehnt und der Abgleich angehalten.',
  'Check that the server is the one you trust, and tell whoever runs it.':
    'Prüfen Sie, ob es der Server ist, dem Sie vertrauen, und sagen Sie es dem, der ihn betreibt.',
  'Keep a copy of your files.': 'Bewahren Sie eine Kopie Ihrer Dateien auf.',
  'The server shows an older state than this computer has already seen.':
    'Der Server zeigt einen älteren Stand, als dieser Computer schon gesehen hat.',
  'Changes are missing on the server: it was restored from an old backup, or it hides them.':
    'Auf dem Server fehlen Änderungen: Er wurde auf eine alte Sicherung zurückgesetzt, oder er verbirgt sie.',
  'Ask whoever runs the server whether it was restored.':
    'Fragen Sie, wer den Server betreibt, ob er zurückgesetzt wurde.',
  'Do not sign up again with the same address.': 'Legen Sie kein neues Konto mit derselben Adresse an.',
  'The server shows a different history than the one this computer has seen.':
    'Der Server zeigt eine andere Geschichte als die, die dieser Computer gesehen hat.',
  'It may be telling your devices different things, or one of them was restored from a backup and went on writing.':
    'Vielleicht erzählt er Ihren Geräten Verschiedenes, oder eines wurde auf eine Sicherung zurückgesetzt und schrieb weiter.',
  'Compare the eight words of this vault on all your devices: those that show the same words agree.':
    'Vergleichen Sie die acht Wörter dieses Tresors auf allen Geräten: Die mit gleichen Wörtern sind sich einig.',
  'The keys of an account are not the ones that this computer knows.':
    'Die Schlüssel eines Kontos sind nicht die, die dieser Computer kennt.',
  'Someone may be trying to read what you seal with them.':
    'Vielleicht versucht jemand zu lesen, was Sie damit versiegeln.',
  'Compare the sixty digits of the account with the person or on your other devices, by another way than this server.':
    'Vergleichen Sie die sechzig Ziffern des Kontos mit der Person oder auf Ihren anderen Geräten, auf anderem Weg als über diesen Server.',
  'The server asked for weaker or unknown cryptography.':
    'Der Server verlangte schwächere oder unbekannte Kryptografie.',
  'Holdfast does not use it.': 'Holdfast benutzt sie nicht.',
  'Check that the server is the one you trust, and that Holdfast is up to date on all your devices.':
    'Prüfen Sie, ob es der Server ist, dem Sie vertrauen, und ob Holdfast auf allen Geräten auf dem neuesten Stand ist.',
  'A change came from a device that may not make it: unknown, removed, or with an old key.':
    'Eine Änderung kam von einem Gerät, das sie nicht machen darf: unbekannt, entfernt oder mit altem Schlüssel.',
  'It was not applied.': 'Sie wurde nicht ausgeführt.',
  'Look at the list of your devices.': 'Sehen Sie sich die Liste Ihrer Geräte an.',
  'Remove any that you do not know or no longer have, and change your password.':
    'Entfernen Sie, was Sie nicht kennen oder nicht mehr haben, und ändern Sie Ihr Passwort.',
  'A file or folder has a name that could reach outside its place.':
    'Eine Datei oder ein Ordner hat einen Namen, der über seinen Ort hinausreichen könnte.',
  'A file or folder has a name that could reach outside its place. “%p”, made by the device %p.':
    'Eine Datei oder ein Ordner hat einen Namen, der über seinen Ort hinausreichen könnte: „%p“, vom Gerät %p.',
  'A file or folder has a name that could reach outside its place. “%p”, and %n more, made by the device %p.':
    'Eine Datei oder ein Ordner hat einen Namen, der über seinen Ort hinausreichen könnte: „%p“ und %n weitere, vom Gerät %p.',
  'It is left out on this computer; everything else syncs.':
    'Auf diesem Computer bleibt es aus; alles andere wird abgeglichen.',
  'See which device made it, and whether you know that device.':
    'Sehen Sie nach, welches Gerät es gemacht hat und ob Sie es kennen.',
  'The server sent something far larger than it may be.': 'Der Server sandte etwas, das viel größer ist als erlaubt.',
  'It was refused before it could do harm.': 'Es wurde abgelehnt, bevor es schaden konnte.',
  'The password was changed on another device, or the server would weaken it; this device cannot tell which. Use the recovery words here.':
    'Das Passwort wurde auf einem anderen Gerät geändert, oder der Server will es schwächen; dieses Gerät kann das nicht unterscheiden. Nehmen Sie hier die Wiederherstellungswörter.',
};
