/** What the app itself says, outside of the window: menu of the tray, its sentences, notifications. */
export interface Words {
  readonly open: string;
  readonly openFolder: string;
  readonly syncNow: string;
  readonly pause: string;
  readonly pauseQuarter: string;
  readonly pauseHour: string;
  readonly pauseOpen: string;
  readonly resume: string;
  readonly issues: (count: number) => string;
  readonly settings: string;
  readonly quit: string;
  readonly starting: string;
  readonly stopped: string;
  readonly states: {
    readonly upToDate: string;
    readonly syncing: (files: number) => string;
    readonly checking: string;
    readonly paused: string;
    readonly offline: string;
    readonly attention: string;
    readonly security: string;
    readonly signedOut: string;
    readonly noFolders: string;
  };
  readonly notices: {
    readonly attention: (count: number) => string;
    readonly held: (count: number) => string;
    readonly security: string;
  };
}

const english: Words = {
  open: 'Open Holdfast',
  openFolder: 'Open folder',
  syncNow: 'Sync now',
  pause: 'Pause',
  pauseQuarter: 'For 15 minutes',
  pauseHour: 'For 1 hour',
  pauseOpen: 'Until I resume',
  resume: 'Resume',
  issues: (count) => (count === 0 ? 'No issues' : count === 1 ? '1 issue' : `${count} issues`),
  settings: 'Settings',
  quit: 'Quit Holdfast',
  starting: 'Starting…',
  stopped: 'The part that syncs stopped; it is being started again.',
  states: {
    upToDate: 'Up to date',
    syncing: (files) => (files === 0 ? 'Syncing…' : files === 1 ? 'Syncing 1 file…' : `Syncing ${files} files…`),
    checking: 'Looking for changes…',
    paused: 'Paused',
    offline: 'The server cannot be reached',
    attention: 'Something needs you',
    security: 'Stopped for security',
    signedOut: 'Not signed in',
    noFolders: 'No folder is synced yet',
  },
  notices: {
    attention: (count) => (count === 1 ? 'One thing needs you.' : `${count} things need you.`),
    held: (count) => `${count} deletions wait for your decision.`,
    security: 'Syncing was stopped for security. Nothing was changed.',
  },
};

const german: Words = {
  open: 'Holdfast öffnen',
  openFolder: 'Ordner öffnen',
  syncNow: 'Jetzt abgleichen',
  pause: 'Anhalten',
  pauseQuarter: 'Für 15 Minuten',
  pauseHour: 'Für 1 Stunde',
  pauseOpen: 'Bis ich fortsetze',
  resume: 'Fortsetzen',
  issues: (count) => (count === 0 ? 'Keine Hinweise' : count === 1 ? '1 Hinweis' : `${count} Hinweise`),
  settings: 'Einstellungen',
  quit: 'Holdfast beenden',
  starting: 'Startet …',
  stopped: 'Der Abgleich wurde unterbrochen und wird neu gestartet.',
  states: {
    upToDate: 'Alles aktuell',
    syncing: (files) =>
      files === 0 ? 'Gleicht ab …' : files === 1 ? 'Gleicht 1 Datei ab …' : `Gleicht ${files} Dateien ab …`,
    checking: 'Sucht nach Änderungen …',
    paused: 'Angehalten',
    offline: 'Der Server ist nicht erreichbar',
    attention: 'Etwas braucht dich',
    security: 'Aus Sicherheitsgründen angehalten',
    signedOut: 'Nicht angemeldet',
    noFolders: 'Noch kein Ordner wird abgeglichen',
  },
  notices: {
    attention: (count) => (count === 1 ? 'Eine Sache braucht dich.' : `${count} Sachen brauchen dich.`),
    held: (count) => `${count} Löschungen warten auf deine Entscheidung.`,
    security: 'Der Abgleich wurde aus Sicherheitsgründen angehalten. Nichts wurde geändert.',
  },
};

/** `language`: what the settings say; `system`: the tag that the system prefers. */
export const wordsFor = (language: string, system: string): Words =>
  (language === 'system' ? system : language).toLowerCase().startsWith('de') ? german : english;
