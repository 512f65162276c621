/** Waits for the end of what was asked to end; cuts it off after `patience` milliseconds. */
export async function endInTime(gone: Promise<void>, patience: number, cutOff: () => void): Promise<void> {
  const cut = setTimeout(cutOff, patience);
  await gone;
  clearTimeout(cut);
}
