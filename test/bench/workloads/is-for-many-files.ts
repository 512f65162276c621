import type { Peer } from '../peers/peer.ts';

/** Rclone asks its server several times for each file and keeps no index: 40 ms a file, whatever their number. No news. */
export const isForManyFiles = ({ name }: Peer): boolean => name !== 'rclone';
