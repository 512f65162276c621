import { stdout } from 'node:process';

/** What a step proved, in one line; it throws if it could not. */
export type Proof = string;

/** Runs the demo's steps one after the other and prints each with its time and its proof. */
export interface Steps {
  run(title: string, step: () => Promise<Proof>): Promise<void>;
  readonly failed: readonly string[];
  readonly passed: number;
}

export function steps(): Steps {
  const failed: string[] = [];
  let passed = 0;
  return {
    async run(title, step) {
      const start = performance.now();
      const line = (mark: string, text: string): void => {
        const seconds = ((performance.now() - start) / 1000).toFixed(2).padStart(6);
        stdout.write(`${mark} ${seconds} s  ${title.padEnd(46)} ${text}\n`);
      };
      try {
        const proof = await step();
        passed++;
        line('✓', proof);
      } catch (error) {
        failed.push(title);
        line('✗', error instanceof Error ? error.message : String(error));
      }
    },
    failed,
    get passed() {
      return passed;
    },
  };
}

/** Throws with `message` unless it holds. */
export function hold(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
