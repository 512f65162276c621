import { describe, expect, it } from 'vitest';
import { runSelfTest } from '../../../src/crypto/self-test.ts';

describe('the self-test', () => {
  it('passes here', () => {
    expect(() => runSelfTest()).not.toThrow();
  });

  it('stops everything at a wrong answer, and at a primitive that is missing', () => {
    expect(() => runSelfTest({ 'SHA-256': () => false })).toThrow(/SHA-256 gives wrong answers/);
    const missing = (): boolean => {
      throw new Error('Unknown cipher');
    };
    expect(() => runSelfTest({ 'AES-256-GCM': missing })).toThrow(
      expect.objectContaining({ kind: 'bug', reason: 'self-test' }),
    );
  });
});
