/** What is known of an LMS: of a registration, or of the configuration that the LMS publishes. */
export interface PlatformFacts {
  /**
   * `product_family_code` of the LMS's configuration; '' where the LMS never told it.
   * https://www.imsglobal.org/spec/lti-dr/v1p0#lti-configuration
   */
  readonly product: string;
  readonly issuer: string;
  /** The LMS's OpenID Connect authentication endpoint. */
  readonly authUrl: string;
}

/** What a service of an LMS answered. */
export interface PlatformAnswer {
  readonly status: number;
  readonly body: string;
}

/** One kind of LMS: everything that this tool does differently for it. `DEFAULTS` holds for members not named. */
export interface Platform {
  /** Short name for tests and logs, such as `moodle`. */
  readonly name: string;
  /** Returns true if a registration or a configuration is of this LMS. */
  recognises(facts: PlatformFacts): boolean;
  /** Paths below the issuer at which the LMS serves its configuration, besides `/.well-known`. Begin with `/`. */
  readonly configurationPaths: readonly string[];
  /**
   * Variables for custom parameters that hold the ids of the person's groups, the preferred one first. No variable of
   * the specifications does. https://www.imsglobal.org/spec/lti/v1p3#custom-properties-and-variable-substitution
   */
  readonly groupVariables: readonly string[];
  /**
   * True if a custom parameter of the tool's own configuration wins over one of the same name that the author of a link
   * has typed. Only then the tool's own parameters are the platform's word.
   */
  readonly toolParametersWin: boolean;
  /** Message types that the LMS supports although its configuration and its registrations leave them out. */
  readonly unlistedMessages: readonly string[];
  /** By how many seconds `iat` of our tokens is set back, because the LMS's clock may be behind ours. */
  readonly backdateSeconds: number;
  /** Lifetime in seconds of an access token whose answer names none. */
  readonly tokenSeconds: number;
  /**
   * Picture of the step without which teachers are not offered a tool that has registered itself, and the key of its
   * text; null if there is none.
   */
  readonly offering: { readonly picture: string; readonly text: string } | null;
  /** Returns true if the body of a 2xx answer to a score does not say that the score was refused. */
  acceptsScore(body: string): boolean;
  /** Returns true if an answer means "later" though its status is one of a final refusal. */
  isPassing(answer: PlatformAnswer): boolean;
  /** Returns true if a score was refused because the person is not among the course's participants. */
  refusesPerson(answer: PlatformAnswer): boolean;
  /** Returns a name of a person or a group as plain text, from the text in the LMS's JSON. */
  plainText(value: string): string;
}
