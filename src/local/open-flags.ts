import { constants } from 'node:fs';

/** 0 where the system has no such thing (Windows). */
export const noFollow = constants.O_NOFOLLOW ?? 0;

/** Follows no link, and does not wait for another program: as opening a pipe does, or a file under a lease. */
export const readFlags = constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0);

/** For a file that nothing has made before. */
export const newFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow;

/** For one that an earlier try may have begun. */
export const resumeFlags = constants.O_RDWR | constants.O_CREAT | noFollow;
