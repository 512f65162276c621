import { isLoopbackHost } from '../../common/loopback.ts';
import type { FindProxy } from '../../remote/find-proxy.ts';
import { parseProxyAddress, unusableProxy } from '../../remote/proxy-address.ts';

/** What the system says of an address, as a proxy script does: `DIRECT`, `PROXY host:port; DIRECT`, … */
type AskSystemProxy = (url: string) => Promise<string>;

const source = 'What the system is set to';

/**
 * The proxy that the system is set to use: the first one of its answer that speaks HTTP. This computer is always reached straight.
 * Where the system allows neither that nor a straight connection nothing is connected: it may be set so to hide who connects.
 */
export const systemProxy =
  (ask: AskSystemProxy): FindProxy =>
  async (origin) => {
    if (isLoopbackHost(new URL(origin).hostname)) return null;
    const choices = (await ask(origin))
      .split(';')
      .map((choice) => choice.trim())
      .filter((choice) => choice !== '');
    for (const choice of choices) {
      if (/^direct$/i.test(choice)) return null;
      const [, kind = '', address] = /^(proxy|http|https)\s+(\S+)$/i.exec(choice) ?? [];
      if (address === undefined) continue;
      return parseProxyAddress(`${kind.toLowerCase() === 'https' ? 'https' : 'http'}://${address}`, source);
    }
    if (choices.length > 0) throw unusableProxy(source);
    return null;
  };
