/** What Java 21 added to lists, and to maps that keep an order; nothing says which Java AWS runs. */
const OF_LISTS_SINCE_21 = 'addFirst/1 addLast/1 getFirst/0 getLast/0 removeFirst/0 removeLast/0 reversed/0';
const OF_MAPS_SINCE_21 = `firstEntry/0 lastEntry/0 pollFirstEntry/0 pollLastEntry/0 putFirst/2 putLast/2 reversed/0
  sequencedEntrySet/0 sequencedKeySet/0 sequencedValues/0`;

/** By class: the Java methods that a template could call and this project lacks. */
const METHODS: Readonly<Record<string, string>> = {
  String: `chars/0 codePointBefore/1 codePointCount/2 codePoints/0 describeConstable/0 formatted getBytes/0 getBytes/1
    indent/1 indexOf/3 isBlank/0 lines/0 offsetByCodePoints/2 regionMatches/4 regionMatches/5 repeat/1 splitWithDelimiters/2 strip/0 stripIndent/0
    stripLeading/0 stripTrailing/0 toCharArray/0 translateEscapes/0`,
  Integer: `bitCount/1 compareUnsigned/2 decode/1 describeConstable/0 divideUnsigned/2 floatValue/0 getInteger/1
    getInteger/2 highestOneBit/1 lowestOneBit/1 numberOfLeadingZeros/1 numberOfTrailingZeros/1 parseInt/4
    parseUnsignedInt/1 parseUnsignedInt/2 parseUnsignedInt/4 remainderUnsigned/2 reverse/1 reverseBytes/1 rotateLeft/2
    rotateRight/2 toUnsignedLong/1 toUnsignedString/1 toUnsignedString/2`,
  Long: `bitCount/1 compareUnsigned/2 decode/1 describeConstable/0 divideUnsigned/2 floatValue/0 getLong/1 getLong/2
    highestOneBit/1 lowestOneBit/1 numberOfLeadingZeros/1 numberOfTrailingZeros/1 parseLong/4 parseUnsignedLong/1
    parseUnsignedLong/2 parseUnsignedLong/4 remainderUnsigned/2 reverse/1 reverseBytes/1 rotateLeft/2 rotateRight/2
    toUnsignedString/1 toUnsignedString/2`,
  Double: `byteValue/0 describeConstable/0 doubleToLongBits/1 doubleToRawLongBits/1 floatValue/0 hashCode/1
    longBitsToDouble/1 shortValue/0 toHexString/1`,
  BigInteger: `abs/0 add/1 and/1 andNot/1 bitCount/0 bitLength/0 byteValue/0 byteValueExact/0 clearBit/1 compareTo/1
    divide/1 divideAndRemainder/1 flipBit/1 floatValue/0 gcd/1 getLowestSetBit/0 hashCode/0 intValueExact/0
    isProbablePrime/1 longValueExact/0 max/1 min/1 mod/1 modInverse/1 modPow/2 multiply/1 negate/0 nextProbablePrime/0
    not/0 or/1 pow/1 remainder/1 setBit/1 shiftLeft/1 shiftRight/1 shortValue/0 shortValueExact/0 signum/0 sqrt/0
    sqrtAndRemainder/0 subtract/1 testBit/1 toByteArray/0 toString/1 valueOf/1 xor/1`,
  BigDecimal: `abs/0 add/1 byteValue/0 byteValueExact/0 compareTo/1 divide/1 divide/2 divide/3 divideAndRemainder/1
    divideToIntegralValue/1 floatValue/0 hashCode/0 intValueExact/0 longValueExact/0 max/1 min/1 movePointLeft/1
    movePointRight/1 multiply/1 negate/0 plus/0 pow/1 precision/0 remainder/1 scale/0 scaleByPowerOfTen/1 setScale/1
    setScale/2 shortValue/0 shortValueExact/0 signum/0 stripTrailingZeros/0 subtract/1 toBigInteger/0
    toBigIntegerExact/0 toEngineeringString/0 toPlainString/0 ulp/0 unscaledValue/0 valueOf/1 valueOf/2`,
  Boolean: 'describeConstable/0 getBoolean/1',
  Character: `charCount/1 codePointAt/2 codePointBefore/2 codePointCount/3 codePointOf/1 compare/2 compareTo/1
    describeConstable/0 digit/2 forDigit/2 getDirectionality/1 getName/1 getNumericValue/1 getType/1 hashCode/1
    highSurrogate/1 isAlphabetic/1 isBmpCodePoint/1 isDefined/1 isDigit/1 isHighSurrogate/1 isISOControl/1
    isIdentifierIgnorable/1 isIdeographic/1 isJavaIdentifierPart/1 isJavaIdentifierStart/1 isJavaLetter/1
    isJavaLetterOrDigit/1 isLetter/1 isLetterOrDigit/1 isLowSurrogate/1 isLowerCase/1 isMirrored/1 isSpace/1
    isSpaceChar/1 isSupplementaryCodePoint/1 isSurrogate/1 isSurrogatePair/2 isTitleCase/1 isUnicodeIdentifierPart/1
    isUnicodeIdentifierStart/1 isUpperCase/1 isValidCodePoint/1 isWhitespace/1 lowSurrogate/1 offsetByCodePoints/3
    reverseBytes/1 toChars/1 toCodePoint/2 toLowerCase/1 toString/1 toTitleCase/1 toUpperCase/1 valueOf/1`,
  Entry: 'comparingByKey/0 comparingByValue/0 copyOf/1 equals/1 hashCode/0',
  ArrayList: `ensureCapacity/1 iterator/0 listIterator/0 listIterator/1 merge/1 parallelStream/0 spliterator/0 stream/0
    toArray/0 toArray/1 toJSONString/1 trimToSize/0 ${OF_LISTS_SINCE_21}`,
  SubList: `iterator/0 listIterator/0 listIterator/1 parallelStream/0 spliterator/0 stream/0 toArray/0 toArray/1
    ${OF_LISTS_SINCE_21}`,
  'String[]': `hashCode/0 iterator/0 listIterator/0 listIterator/1 parallelStream/0 spliterator/0 stream/0 toArray/0
    toArray/1`,
  keys: 'iterator/0 parallelStream/0 spliterator/0 stream/0 toArray/0 toArray/1',
  values: 'hashCode/0 iterator/0 parallelStream/0 spliterator/0 stream/0 toArray/0 toArray/1',
  entries: 'iterator/0 parallelStream/0 spliterator/0 stream/0 toArray/0 toArray/1',
  Map: OF_MAPS_SINCE_21,
};

/** The methods of every object. */
const OF_EACH = 'getClass/0 notify/0 notifyAll/0 wait/0 wait/1 wait/2';

const known = new Map(
  Object.entries(METHODS).map(([name, methods]) => [name, new Set(`${methods} ${OF_EACH}`.split(/\s+/))]),
);

export function isNotEmulated(className: string, method: string, args: number): boolean {
  const methods = known.get(className);
  // Velocity 1.7 passes any arguments to a method without parameters, and then fails.
  return (
    methods !== undefined && [`${method}/${args}`, `${method}/0`, method].some((known) => methods.has(known))
  );
}
