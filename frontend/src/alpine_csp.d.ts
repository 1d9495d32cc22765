// What we use of @alpinejs/csp, which comes without types.
declare module "@alpinejs/csp" {
  interface Alpine {
    data(name: string, make: (...args: never[]) => object): void;
    start(): void;
  }
  const alpine: Alpine;
  export default alpine;
}
