import { isLoopbackHost } from '../../src/common/loopback.ts';

/** The server's address leads each computer to itself: no other one reaches this server. */
export const isOnlyHere = (server: string): boolean => isLoopbackHost(new URL(server).hostname);
