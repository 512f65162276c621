const inEnglish = (count: number): string => count.toLocaleString('en');
const inGerman = (count: number): string => count.toLocaleString('de');

/** What the app itself says, outside of the window: menu of the tray, its sentences, notifications. */
const english = {
  open: 'Open Holdfast',
  openFolder: 'Open folder',
  syncNow: 'Sync now',
  pause: 'Pause',
  pauseQuarter: 'For 15 minutes',
  pauseHour: 'For 1 hour',
  pauseOpen: 'Until I resume',
  resume: 'Resume',
  issues: (count: number) => (count === 0 ? 'No issues' : count === 1 ? '1 issue' : `${inEnglish(count)} issues`),
  settings: 'Settings',
  quit: 'Quit Holdfast',
  starting: 'Starting…',
  cannotStart: 'Holdfast cannot start',
  stopped: 'The part that syncs stopped; it is being restarted.',
  states: {
    upToDate: 'Up to date',
    syncing: (files: number) =>
      files === 0 ? 'Syncing…' : files === 1 ? 'Syncing 1 file…' : `Syncing ${inEnglish(files)} files…`,
    checking: 'Looking for changes…',
    paused: 'Paused',
    offline: (waiting: number) =>
      `The server cannot be reached${waiting === 0 ? '' : waiting === 1 ? '; 1 change waiting' : `; ${inEnglish(waiting)} changes waiting`}`,
    attention: 'Needs your attention',
    security: 'Stopped for your safety',
    signedOut: 'Signed out',
    noFolders: 'No folder is synced yet',
  },
  notices: {
    attention: (count: number) =>
      count === 1 ? 'One thing needs your attention.' : `${inEnglish(count)} things need your attention.`,
    held: 'Many deletions are waiting for your decision.',
    missing: 'A folder is not where it was. Nothing is deleted because of that.',
    stopped: 'Nothing is synced until you have had a look.',
    security: 'Syncing was stopped for your safety. Nothing was changed.',
    newDevice: (name: string) => `“${name}” was added to your account. If that was not you, remove it.`,
    conflict: 'Something was changed on two computers at once. Both versions are kept.',
    newVault: (name: string) => `“${name}” is new in your account. You can sync it here as well.`,
  },
};

export type Words = typeof english;

const german: Words = {
  open: 'Holdfast öffnen',
  openFolder: 'Ordner öffnen',
  syncNow: 'Jetzt abgleichen',
  pause: 'Pausieren',
  pauseQuarter: 'Für 15 Minuten',
  pauseHour: 'Für 1 Stunde',
  pauseOpen: 'Bis ich fortsetze',
  resume: 'Fortsetzen',
  issues: (count) => (count === 0 ? 'Keine Probleme' : count === 1 ? '1 Problem' : `${inGerman(count)} Probleme`),
  settings: 'Einstellungen',
  quit: 'Holdfast beenden',
  starting: 'Startet …',
  cannotStart: 'Holdfast kann nicht starten',
  stopped: 'Der Abgleich wurde unterbrochen und wird neu gestartet.',
  states: {
    upToDate: 'Auf dem neuesten Stand',
    syncing: (files) =>
      files === 0 ? 'Gleicht ab …' : files === 1 ? 'Gleicht 1 Datei ab …' : `Gleicht ${inGerman(files)} Dateien ab …`,
    checking: 'Sucht nach Änderungen …',
    paused: 'Pausiert',
    offline: (waiting) =>
      `Der Server ist nicht erreichbar${waiting === 0 ? '' : waiting === 1 ? '; 1 Änderung wartet' : `; ${inGerman(waiting)} Änderungen warten`}`,
    attention: 'Braucht Ihre Aufmerksamkeit',
    security: 'Zur Sicherheit angehalten',
    signedOut: 'Abgemeldet',
    noFolders: 'Noch kein Ordner wird abgeglichen',
  },
  notices: {
    attention: (count) => (count === 1 ? 'Ein Problem wartet auf Sie.' : `${inGerman(count)} Probleme warten auf Sie.`),
    held: 'Viele Löschungen warten auf Ihre Entscheidung.',
    missing: 'Ein Ordner ist nicht mehr, wo er war. Deswegen wird nichts gelöscht.',
    stopped: 'Nichts wird abgeglichen, bis Sie nachgesehen haben.',
    security: 'Der Abgleich wurde zur Sicherheit angehalten. Nichts wurde geändert.',
    newDevice: (name) => `„${name}“ wurde Ihrem Konto hinzugefügt. Waren Sie das nicht? Dann entfernen Sie es.`,
    conflict: 'Etwas wurde auf zwei Computern zugleich geändert. Beide Fassungen sind erhalten.',
    newVault: (name) => `„${name}“ ist neu in Ihrem Konto. Sie können es auch hier abgleichen.`,
  },
};

/** `language`: what the settings say; `system`: the tag that the system prefers. */
export const wordsFor = (language: string, system: string): Words =>
  (language === 'system' ? system : language).toLowerCase().startsWith('de') ? german : english;
