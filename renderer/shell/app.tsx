import { DirectionProvider } from '@base-ui/react/direction-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Service } from '../../src/rpc/contract.ts';
import { directionOf, languageFor } from '../i18n/catalogues.ts';
import { WordsProvider } from '../i18n/messages.tsx';
import { ToastProvider } from '../parts/toast.tsx';
import { followEvents, useAnswer } from '../state/queries.ts';
import { ServiceProvider } from '../state/service.tsx';
import { useAppearance } from '../state/theme.ts';
import { NoConnection } from './no-connection.tsx';
import { Shell } from './shell.tsx';

type Connection = { readonly service: Service } | { readonly error: unknown };

/** The engine is on this computer: what is asked of it never waits for a network. */
const networkMode = 'always';

const newClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { networkMode, retry: false, refetchOnWindowFocus: false, staleTime: 5000 },
      mutations: { networkMode },
    },
  });

/** The whole window, once it knows whom to talk to. */
export function App({ connection }: { readonly connection: Promise<Service> }) {
  const [client] = useState(newClient);
  const [found, setFound] = useState<Connection | null>(null);
  useEffect(() => {
    connection.then(
      (service) => setFound({ service }),
      (error: unknown) => setFound({ error }),
    );
  }, [connection]);
  useEffect(
    () => (found !== null && 'service' in found ? followEvents(found.service, client) : undefined),
    [found, client],
  );

  if (found === null) return null;
  if ('error' in found) {
    return (
      <WordsProvider language={languageFor('system', navigator.languages)}>
        <NoConnection error={found.error} />
      </WordsProvider>
    );
  }
  return (
    <QueryClientProvider client={client}>
      <ServiceProvider service={found.service}>
        <Localised />
      </ServiceProvider>
    </QueryClientProvider>
  );
}

/** In the language and colours that the person chose. */
function Localised() {
  const { data: settings, isPending } = useAnswer('settings-get', {});
  const language = languageFor(settings?.language ?? 'system', navigator.languages);
  const direction = directionOf(language);
  useAppearance(settings?.theme ?? 'system', language, direction);
  if (isPending) return null;
  return (
    <DirectionProvider direction={direction}>
      <WordsProvider language={language}>
        <ToastProvider>
          <Shell />
        </ToastProvider>
      </WordsProvider>
    </DirectionProvider>
  );
}
