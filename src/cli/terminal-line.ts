/** One line on a terminal, drawn in place. */
interface TerminalLine {
  /** As much of it as fits; left out if the one before was drawn a moment ago. */
  show(text: string): void;
  clear(): void;
}

/** Milliseconds between two drawings. */
const redrawEvery = 100;

export function terminalLine(terminal: { readonly columns?: number; write(text: string): unknown }): TerminalLine {
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show: (text) => {
      const now = performance.now();
      if (now - shownAt < redrawEvery) return;
      shownAt = now;
      terminal.write(`\r\u001b[K${text.slice(0, Math.max(0, (terminal.columns ?? 80) - 1))}`);
    },
    clear: () => {
      if (Number.isFinite(shownAt)) terminal.write('\r\u001b[K');
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}
