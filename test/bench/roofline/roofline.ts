export interface Roofline {
  readonly x: number;
}
