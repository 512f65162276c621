/**
 * Finds the proxy by which a server's origin is reached; null: straight. Asked for each new connection, since a computer that
 * is carried elsewhere comes into other networks. Rejects with `usage` if what is configured is no proxy that can be used.
 */
export type FindProxy = (origin: string) => Promise<URL | null>;
