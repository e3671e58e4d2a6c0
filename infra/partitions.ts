/** A separate part of AWS with its own accounts, ARNs and host names. */
export interface Partition {
  /** As in `arn:aws:…`. */
  readonly name: string;
  /** As in `{restApiId}.execute-api.{region}.amazonaws.com`. */
  readonly dnsSuffix: string;
}

/** AWS's partitions by the prefixes of their regions' names (botocore, partitions.json). */
const PARTITIONS: readonly (Partition & { regions: RegExp })[] = [
  { name: 'aws-cn', dnsSuffix: 'amazonaws.com.cn', regions: /^cn-/ },
  { name: 'aws-us-gov', dnsSuffix: 'amazonaws.com', regions: /^us-gov-/ },
  { name: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk', regions: /^eu-isoe-/ },
  { name: 'aws-iso-f', dnsSuffix: 'csp.hci.ic.gov', regions: /^us-isof-/ },
  { name: 'aws-iso-b', dnsSuffix: 'sc2s.sgov.gov', regions: /^us-isob-/ },
  { name: 'aws-iso', dnsSuffix: 'c2s.ic.gov', regions: /^us-iso-/ },
  { name: 'aws-eusc', dnsSuffix: 'amazonaws.eu', regions: /^eusc-/ },
];

/** The partition of a region; a region of unknown form belongs to the largest, `aws`. */
export function partitionOf(region: string): Partition {
  const found = PARTITIONS.find(({ regions }) => regions.test(region));
  return found
    ? { name: found.name, dnsSuffix: found.dnsSuffix }
    : { name: 'aws', dnsSuffix: 'amazonaws.com' };
}

/** Whether a text can be the name of a region, such as `eu-central-1` or `us-gov-west-1`. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2,4}(-[a-z]+){1,2}-\d$/.test(text);
}
