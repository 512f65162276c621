/** For each key the first answer, for as long as the function is kept. `answers`: those that are there already. */
export function remembered<K, V>(ask: (key: K) => V, answers = new Map<K, V>()): (key: K) => V {
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    answers.set(key, answer);
    return answer;
  };
}

/** The same for names in folders. */
export function rememberedNames<K, V>(ask: (folder: K, name: string) => V): (folder: K, name: string) => V {
  const folders = remembered((folder: K) => remembered((name: string) => ask(folder, name)));
  return (folder, name) => folders(folder)(name);
}
