import { HoldfastError } from '../../common/errors.ts';
import type { DoctorCheck } from '../../rpc/home-report.ts';

export type Finding = Omit<DoctorCheck, 'name'>;

/** What a check throws is its finding: a doctor who falls ill helps nobody. */
export async function check(name: string, look: () => Promise<Finding>): Promise<DoctorCheck> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const message = error instanceof HoldfastError ? error.message : 'The check itself failed.';
    return { name, result: 'failed', message };
  }
}

export const fine = (message: string): Finding => ({ result: 'ok', message });
export const skipped = (message: string): Finding => ({ result: 'skipped', message });
