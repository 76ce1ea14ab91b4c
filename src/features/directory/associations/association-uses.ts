/** Says what of another feature names associations. */
export interface AssociationUses {
  /** Whether something that people wrote, a question for instance, names the association. */
  usesAssociation(associationId: string): Promise<boolean>;
}
