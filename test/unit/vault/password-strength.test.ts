import { describe, expect, it } from 'vitest';
import { passwordFault } from '../../../src/vault/password-strength.ts';

describe('[K6] password strength', () => {
  it.each([
    'short',
    'ninechars',
    '1234567890',
    '0987654321',
    'aaaaaaaaaaaaaaaa',
    'qwertyuiop123456',
    'Password123!',
    'P@ssw0rd2024!!',
    'passwordpassword',
    'Summer2024!',
    'letmein123456',
    'abcabcabcabcabc',
    'anna.meier2023',
    'annameier12345',
  ])('refuses %s', (password) => {
    expect(passwordFault(password, 'anna.meier@example.org')).toMatch(/\.$/);
  });

  it.each([
    'otter lamp river mango',
    'correct horse battery staple',
    'k8#Vq2!mZx',
    'wir essen donnerstags immer suppe',
    '我喜欢在雨天里喝热茶和看书',
  ])('takes %s', (password) => {
    expect(passwordFault(password, 'anna.meier@example.org')).toBeNull();
  });

  it('takes no more than 1024 bytes', () => {
    expect(passwordFault('otter lamp river mango '.repeat(50), 'a@b.c')).toMatch(/1024/);
  });
});
