/** The path of every text, number and list in a type, such as `origin.server`: what names them is typed by it. */
export type PathsOf<Type> = Type extends string | number | boolean | readonly unknown[]
  ? never
  : {
      [Key in keyof Type & string]: NonNullable<Type[Key]> extends
        string | number | boolean | readonly unknown[]
        ? Key
        : `${Key}.${PathsOf<NonNullable<Type[Key]>>}`;
    }[keyof Type & string];
