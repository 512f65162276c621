import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { withCheckedInput } from '../../../src/rpc/checked-input.ts';
import type { Calls, Service } from '../../../src/rpc/contract.ts';
import { dispatch } from '../../../src/rpc/dispatch.ts';
import { errorFrom, failureFrom } from '../../../src/rpc/failure.ts';
import type { Settings } from '../../../src/rpc/home-report.ts';

const serving = (some: Partial<Calls>): Calls => some as Calls;

const settings: Settings = {
  upBytesPerSecond: 4096,
  downBytesPerSecond: null,
  language: 'system',
  theme: 'dark',
  notifications: 'all',
  startAtLogin: false,
};

describe('dispatch', () => {
  it('gives the service checked input and the caller only what the contract names', async () => {
    const service = serving({
      'settings-set': async (input) => {
        expect(input).toEqual({ upBytesPerSecond: 4096 });
        return { ...settings, masterKey: 'not for you' };
      },
    });
    expect(await dispatch(service, 'settings-set', { upBytesPerSecond: 4096 })).toEqual({
      ok: true,
      value: settings,
    });
  });

  it.each(['nonsense', 'toString', '__proto__', 'constructor', 'listen', ''])('refuses the name %j', async (name) => {
    const reply = await dispatch(serving({}), name, {});
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'usage' } });
  });

  it('names the bad fields but never repeats their values', async () => {
    const reply = await dispatch(serving({}), 'login', { server: 7, email: 'a@b', password: 'hunter2-canary', x: 1 });
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'usage', reason: 'bad-input' } });
    expect(JSON.stringify(reply)).toContain('server');
    expect(JSON.stringify(reply)).not.toContain('hunter2-canary');
  });

  it('is no way around for a caller in the same process', async () => {
    const asked: unknown[] = [];
    const service = withCheckedInput({
      ...serving({
        'settings-set': async (change) => {
          asked.push(change);
          return settings;
        },
      }),
      listen: () => () => undefined,
    } as Service);
    await expect(service['settings-set']({ upBytesPerSecond: 1e21 })).rejects.toMatchObject({
      kind: 'usage',
      reason: 'bad-input',
      message: 'The input of “settings-set” is not valid: upBytesPerSecond.',
    });
    expect(asked).toEqual([]);
    expect(await service['settings-set']({ upBytesPerSecond: 4096 })).toEqual(settings);
  });

  it('passes known errors on as they are', async () => {
    const service = serving({
      stop: async () => {
        throw new HoldfastError('security', 'The server lied.', { security: 'E_FORK', reason: 'fork', hint: 'Ask.' });
      },
    });
    expect(await dispatch(service, 'stop', {})).toEqual({
      ok: false,
      failure: { kind: 'security', reason: 'fork', message: 'The server lied.', hint: 'Ask.', security: 'E_FORK' },
    });
  });

  it('keeps the text of an unknown error to itself and tells the owner', async () => {
    const bugs: unknown[] = [];
    const service = serving({
      stop: async () => {
        throw new TypeError('key canary-1234 is undefined');
      },
    });
    const reply = await dispatch(service, 'stop', {}, (error) => bugs.push(error));
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'bug' } });
    expect(JSON.stringify(reply)).not.toContain('canary-1234');
    expect(bugs).toHaveLength(1);
  });

  it('calls an answer that breaks the contract a bug', async () => {
    const service = serving({ trash: async () => ({ trash: 'none' }) as never });
    expect(await dispatch(service, 'trash', { pair: null })).toMatchObject({ ok: false, failure: { kind: 'bug' } });
  });
});

describe('failures', () => {
  it('are errors again on the other side', () => {
    const error = new HoldfastError('offline', 'Not reachable.', { reason: 'refused-connection', hint: 'Wait.' });
    expect(failureFrom(errorFrom(failureFrom(error)))).toEqual(failureFrom(error));
  });
});
