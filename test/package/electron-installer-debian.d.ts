/** What is used of the package, which has no types of its own. */
declare module 'electron-installer-debian' {
  interface Request {
    readonly src: string;
    readonly dest: string;
    readonly arch: 'amd64' | 'arm64';
    readonly options: {
      readonly name: string;
      readonly bin: string;
      readonly productName: string;
      readonly genericName: string;
      readonly description: string;
      readonly productDescription: string;
      readonly version: string;
      readonly compression: string;
      readonly maintainer: string;
      readonly section: string;
      readonly categories: readonly string[];
      readonly depends: readonly string[];
      readonly icon: Readonly<Record<string, string>>;
    };
  }
  export default function installer(request: Request): Promise<{ readonly packagePaths: readonly string[] }>;
}
