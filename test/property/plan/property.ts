import fc, { type Arbitrary } from 'fast-check';

/** Something that is promised of plans, to be tried on as many random cases as one has time for. */
export interface PlanProperty {
  readonly name: string;
  /** The shrunk counterexample as text, or null. */
  check(cases: number, seed?: number): string | null;
}

export function property<T extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { readonly [K in keyof T]: Arbitrary<T[K]> },
  check: (...values: T) => void,
): PlanProperty {
  const together = fc.property(fc.tuple<T>(...arbitraries), (values) => check(...values));
  return {
    name,
    check: (cases, seed) => {
      const details = fc.check(together, { numRuns: cases, ...(seed === undefined ? {} : { seed }) });
      if (!details.failed) return null;
      const { errorInstance: error } = details;
      return `${name}: ${fc.defaultReportMessage(details)}\n${error instanceof Error ? error.stack : String(error)}`;
    },
  };
}
