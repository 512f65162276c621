import { expect } from 'vitest';
import { HoldfastError, type SecurityCode } from '../../src/common/errors.ts';

/** Runs `action`, which must stop with this class of FORMAT.md, or this kind. */
export function expectStop(
  action: () => unknown,
  code: SecurityCode | 'version' | 'missing' | 'corrupt',
): HoldfastError {
  let failure: unknown = null;
  try {
    action();
  } catch (error) {
    failure = error;
  }
  return checkStop(failure, code);
}

export async function expectStopAsync(
  action: () => Promise<unknown>,
  code: SecurityCode | 'version' | 'missing' | 'corrupt',
): Promise<HoldfastError> {
  let failure: unknown = null;
  try {
    await action();
  } catch (error) {
    failure = error;
  }
  return checkStop(failure, code);
}

function checkStop(failure: unknown, code: string): HoldfastError {
  expect(failure).toBeInstanceOf(HoldfastError);
  const error = failure as HoldfastError;
  expect(error.security ?? error.kind).toBe(code);
  return error;
}
