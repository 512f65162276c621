import {
  File,
  FileArchive,
  FileChartPie,
  FileCode,
  FileImage,
  FileMusic,
  FilePlay,
  FileSpreadsheet,
  FileText,
  Folder,
} from 'lucide-react';
import { useMessages } from '../i18n/messages.tsx';
import css from './entry-icon.module.css';

const sorts: readonly (readonly [icon: typeof File, extensions: string])[] = [
  [FileText, 'doc docx epub md odt pages pdf ps rtf tex txt'],
  [FileSpreadsheet, 'csv numbers ods tsv xls xlsx'],
  [FileChartPie, 'key odp ppt pptx'],
  [FileImage, 'avif bmp cr2 dng gif heic ico jpeg jpg nef odg png psd raw svg tif tiff webp xcf'],
  [FileMusic, 'aac aiff flac m4a mid mp3 ogg opus wav wma'],
  [FilePlay, 'avi m4v mkv mov mp4 mpeg mpg webm wmv'],
  [FileArchive, '7z bz2 dmg gz iso jar rar tar tgz xz zip zst'],
  [FileCode, 'c cpp cs css go h html java js json kt lua php py rb rs sh sql swift toml ts tsx xml yaml yml'],
];
const icons = new Map(sorts.flatMap(([icon, extensions]) => extensions.split(' ').map((each) => [each, icon])));

/** A folder, or a file by the sort that its name tells. */
export function EntryIcon({ kind, name }: { readonly kind: 'file' | 'folder'; readonly name: string }) {
  const t = useMessages();
  if (kind === 'folder') return <Folder className={css.folder} aria-label={t.files.folder} role="img" />;
  const Icon = icons.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? File;
  return <Icon className={css.file} aria-hidden="true" />;
}
