/** What a person reads to do about a security stop, sentence by sentence, in German. */
export const germanSecurity: Readonly<Record<string, string>> = {
  'Compare the code of this vault that a check of the installation shows on each of your devices: those that show the same one agree.':
    'Vergleichen Sie den Code dieses Tresors, den das Prüfen der Installation auf jedem Ihrer Geräte zeigt: Die mit gleichem Code sind sich einig.',
  'Do not sign in anew before you know what happened.':
    'Melden Sie sich nicht neu an, bevor Sie wissen, was geschehen ist.',
  'Check that the server is the one you trust.': 'Prüfen Sie, ob es der Server ist, dem Sie vertrauen.',
  'Check that the server is the one you trust, and tell whoever runs it.':
    'Prüfen Sie, ob es der Server ist, dem Sie vertrauen, und sagen Sie es dem, der ihn betreibt.',
  'Keep a copy of your files.': 'Bewahren Sie eine Kopie Ihrer Dateien auf.',
  'Ask whoever runs the server whether it was restored.':
    'Fragen Sie, wer den Server betreibt, ob er zurückgesetzt wurde.',
  'Do not sign up again with the same address.': 'Legen Sie kein neues Konto mit derselben Adresse an.',
  'Check that the server is the one you trust, and that Holdfast is up to date on all your devices.':
    'Prüfen Sie, ob es der Server ist, dem Sie vertrauen, und ob Holdfast auf allen Geräten auf dem neuesten Stand ist.',
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
  'The password was changed on another device, or the server would weaken it; this device cannot tell which. Use the recovery words here.':
    'Das Passwort wurde auf einem anderen Gerät geändert, oder der Server will es schwächen; dieses Gerät kann das nicht unterscheiden. Nehmen Sie hier die Wiederherstellungswörter.',
};
