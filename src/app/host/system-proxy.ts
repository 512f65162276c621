import { isLoopbackHost } from '../../common/loopback.ts';
import type { FindProxy } from '../../remote/find-proxy.ts';
import { parseProxyAddress } from '../../remote/proxy-address.ts';

/** What the system says of an address, as a proxy script does: `DIRECT`, `PROXY host:port; DIRECT`, … */
type AskSystemProxy = (url: string) => Promise<string>;

/** The proxy that the system is set to use: the first one of its answer that speaks HTTP. This computer is always reached straight. */
export const systemProxy =
  (ask: AskSystemProxy): FindProxy =>
  async (origin) => {
    if (isLoopbackHost(new URL(origin).hostname)) return null;
    const choices = (await ask(origin)).split(';').map((choice) => choice.trim());
    for (const choice of choices) {
      if (/^direct$/i.test(choice)) return null;
      const [, kind = '', address] = /^(proxy|http|https)\s+(\S+)$/i.exec(choice) ?? [];
      if (address === undefined) continue;
      return parseProxyAddress(
        `${kind.toLowerCase() === 'https' ? 'https' : 'http'}://${address}`,
        'What the system is set to',
      );
    }
    return null;
  };
