import { useLayoutEffect } from 'react';

/** Takes away what the page showed while it waited, in the frame that shows something else. */
export function useStarted(hasContent: boolean): void {
  useLayoutEffect(() => {
    if (hasContent) document.getElementById('starting')?.remove();
  }, [hasContent]);
}
