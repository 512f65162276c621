import { explained } from './errno.ts';
import { makeFolders } from './make-folders.ts';
import { newFile } from './new-file.ts';
import { downloadsFolder } from './save-copy.ts';

/** Puts a text among the downloads as a new file, for its owner alone. Its path. */
export async function saveText(name: string, text: string): Promise<string> {
  const folder = downloadsFolder();
  try {
    makeFolders(folder);
    const { file, handle } = await newFile(folder, name);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return file;
  } catch (error) {
    throw explained(error, `The file cannot be put into ${folder}`);
  }
}
