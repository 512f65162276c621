/** Mutants that change nothing, because something else says the same: id → what does. */
export const equivalents: Readonly<Record<string, string>> = {};
