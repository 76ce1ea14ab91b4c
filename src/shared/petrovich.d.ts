declare module 'petrovich' {
  export type PetrovichCase =
    'nominative' | 'genitive' | 'dative' | 'accusative' | 'instrumental' | 'prepositional';
  type Gender = 'male' | 'female' | 'androgynous';
  interface Parts {
    readonly first?: string;
    readonly middle?: string;
    readonly last?: string;
  }
  interface Petrovich {
    (person: Parts & { readonly gender: Gender }, gcase: PetrovichCase): Parts;
    detect_gender(middle: string): Gender;
  }
  const petrovich: Petrovich;
  export default petrovich;
}
