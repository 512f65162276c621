import { HoldfastError } from '../../common/errors.ts';
import type { DoctorCheck } from '../../rpc/home-report.ts';

/** `hint`: what to do about it, where the message does not say so. */
export type Finding = Omit<DoctorCheck, 'name' | 'hint'> & { readonly hint?: string | undefined };

/** What a check throws is its finding: a doctor who falls ill helps nobody. */
export async function check(name: string, look: () => Promise<Finding>): Promise<DoctorCheck> {
  try {
    return named(name, await look());
  } catch (error) {
    if (error instanceof HoldfastError)
      return named(name, { result: 'failed', message: error.message, hint: error.hint });
    return named(name, { result: 'failed', message: 'The check itself failed.' });
  }
}

export const named = (name: string, { result, message, hint }: Finding): DoctorCheck => ({
  name,
  result,
  message,
  hint: hint ?? null,
});

export const fine = (message: string): Finding => ({ result: 'ok', message });
export const skipped = (message: string): Finding => ({ result: 'skipped', message });
