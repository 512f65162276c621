/** Longest name in bytes that every usual file system holds. */
const maxBytes = 255;
const shortBytes = 60;
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i;

/**
 * Forms of a name, the truest first: as it is, as Windows and its file systems hold it, and short. On Windows the first is
 * left out: there, a bad name is not refused but means something else (a device, a stream of another file).
 */
export function nameForms(name: string, platform: NodeJS.Platform): readonly string[] {
  const safe = cutName(windowsName(name), maxBytes);
  const forms = [name, safe, cutName(safe, shortBytes)];
  return [...new Set(platform === 'win32' ? forms.slice(1) : forms)];
}

function windowsName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const plain = name.replace(/[<>:"/\\|?*\u0000-\u001f]/g, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const [stem = ''] = plain.split('.');
  return reserved.test(stem.trimEnd()) ? `_${plain}` : plain;
}

/** The name with `mark` before its extension: `a (2).txt`. */
export function markedName(name: string, mark: string): string {
  const { stem, extension } = split(name);
  const end = ` (${mark})${extension}`;
  return `${cutText(stem, maxBytes - Buffer.byteLength(end))}${end}`;
}

/** At most so many bytes, by shortening what comes before the extension. */
function cutName(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const { stem, extension } = split(name);
  return `${cutText(stem, bytes - Buffer.byteLength(extension))}${extension}`;
}

function split(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  return Buffer.byteLength(extension) > 20
    ? { stem: name, extension: '' }
    : { stem: name.slice(0, name.length - extension.length), extension };
}

/** Whole characters only; no space or dot at the end, which Windows would drop. */
function cutText(text: string, bytes: number): string {
  let cut = '';
  let length = 0;
  for (const char of text) {
    length += Buffer.byteLength(char);
    if (length > bytes) break;
    cut += char;
  }
  return cut === text ? text : cut.replace(/[. ]+$/, '') || '_';
}
