/** How another feature tells whether it refers to an association. */
export interface AssociationUses {
  /** Whether something that people wrote, a question for instance, names the association. */
  usesAssociation(associationId: string): Promise<boolean>;
}
