import { HoldfastError } from '../../common/errors.ts';
import type { Session, StorageApi } from '../../remote/storage-api.ts';
import type { Ports } from '../ports.ts';

/** Work with a server that this device is not signed in at. */
export async function withStorage<T>(
  ports: Ports,
  server: string,
  work: (api: StorageApi, setSession: (session: Session) => void) => Promise<T>,
): Promise<T> {
  let token: string | null = null;
  const api = await ports.connect(server, {
    token: () => token,
    renew: () => Promise.reject(new HoldfastError('refused', 'The server ended the session; try again.')),
  });
  try {
    return await work(api, (session) => {
      token = session.token;
    });
  } finally {
    await api.close();
  }
}
