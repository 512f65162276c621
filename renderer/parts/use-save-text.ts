import { printable } from '../../src/common/printable.ts';
import { useMessages } from '../i18n/messages.tsx';
import { isInBrowser } from '../state/is-in-browser.ts';
import { useAction } from '../state/use-action.ts';
import { downloadText } from './download-text.ts';
import { useToast } from './toast.tsx';

/** Hands a text to the person as a file: a browser's download, or by the engine into their downloads folder. */
export function useSaveText(): { readonly save: (fileName: string, text: string) => void; readonly isBusy: boolean } {
  const t = useMessages();
  const toast = useToast();
  const { mutate, isPending } = useAction('save-text', {
    onDone: ({ file }) => toast.say(t.files.downloaded(printable(file))),
  });
  return {
    save: (fileName, text) => (isInBrowser() ? downloadText(fileName, text) : mutate({ fileName, text })),
    isBusy: isPending,
  };
}
