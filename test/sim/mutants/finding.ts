/** What one history, or a run of planner cases, came to. */
export interface Finding {
  /** Seed of the history; for the planner, cases tried. */
  readonly at: number;
  /** Which rule was broken; null: none. */
  readonly oracle: string | null;
  readonly message: string;
}
