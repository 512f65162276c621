/** Puts a text on the clipboard. Resolves with whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The desktop app gives its page no permissions; what a person just asked for is copied all the same.
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const { activeElement: before } = document;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  // What is selected has the focus, and takes it along when it goes.
  if (before instanceof HTMLElement) before.focus();
  return isDone;
}
