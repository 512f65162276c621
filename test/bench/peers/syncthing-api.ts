/** What is needed of Syncthing's REST interface. */
export interface SyncthingApi {
  get(path: string): Promise<Record<string, unknown>>;
  put(path: string, body: unknown): Promise<void>;
  post(path: string): Promise<void>;
}

export function syncthingApi(port: number, key: string): SyncthingApi {
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const answer = await fetch(`http://127.0.0.1:${port}/rest/${path}`, {
      method,
      headers: { 'X-API-Key': key },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`Syncthing answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    return answer;
  };
  return {
    get: async (path) => (await (await ask('GET', path)).json()) as Record<string, unknown>,
    put: async (path, body) => void (await (await ask('PUT', path, body)).text()),
    post: async (path) => void (await (await ask('POST', path)).text()),
  };
}
