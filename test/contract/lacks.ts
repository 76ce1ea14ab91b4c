/** What a MongoDB-compatible server lacks or does otherwise than MongoDB documents it. */
export interface Lack {
  readonly what: string;
  /** Of "group: title" of the cases concerned. */
  readonly cases: RegExp;
}

/**
 * By the name in MONGODB_SERVER. MongoDB itself, and the embedded engine, have no entry: they lack nothing the
 * suite asks for.
 */
export const LACKS: Readonly<Record<string, readonly Lack[]>> = {
  'mongo-java-server': [
    {
      what: 'accumulators $count, $stdDev…, $topN; $push of a missing value adds null',
      cases: /^aggregation: (\$group counting|\$stdDevPop|\$topN|\$push leaves missing out)/,
    },
    {
      what: 'stages $set and $replaceWith; $addFields of a missing value, and below an array',
      cases: /^aggregation: (\$set |\$replaceWith|\$addFields)/,
    },
    {
      what: 'operators of MongoDB 4.2 to 5.2, $switch, $let, $type, $trim, ISO weeks',
      cases:
        /^aggregation: \{"\$(round|switch|let|first|last|sortArray|getField|l?trim|regexMatch|replaceAll|type|isoDayOfWeek|week|isoWeek|isoWeekYear)":/,
    },
    {
      what: 'operators that reckon with dates and their parts',
      cases: /^aggregation: \{"\$(dateTrunc|dateAdd|dateSubtract|dateDiff|dateToParts|dateFromParts)":/,
    },
    {
      what: '$multiply and $ifNull of more than two, limit of $filter, $toString of a date',
      cases: /^aggregation: (\{"\$(multiply":\[2,3|ifNull":\["\$missing",null|toString":"2026)|.*"limit":1)/,
    },
    {
      what: 'missing apart from null in expressions; $toLower of null; Sunday as the first day',
      cases:
        /^(aggregation: \{"\$(eq":\["\$missing"|gt":\[null|toLower":null|dayOfWeek)|queries: finds \$expr: missing)/,
    },
    {
      what: 'lengths in code points, strings by bytes (surrogate pairs)',
      cases: /^(aggregation: \{"\$strLenCP|queries: finds strings by bytes)/,
    },
    {
      what: 'paths through arrays, and missing values, as bare expressions (the connection breaks)',
      cases: /^aggregation: ("\$a\.(b|0)"|\["\$n","\$missing"\]|\{"\$map":\{"input":"\$l","in":"\$\$this\.a)/,
    },
    {
      what: 'collations other than by case',
      cases:
        /^(aggregation: sorts under a collation|reading: (sorts Russian|sorts numbers inside|finds strings regardless))/,
    },
    {
      what: 'errors for wrong operands, or their codes',
      cases:
        /^(aggregation: refuses \$limit 0|queries: refuses \$(in without|size of a fraction|not of nothing|mod by 0)|updates: refuses (\$inc of null|\$addToSet to|\$pop of|\$set below null|\$\[name\] without|an empty field))/,
    },
    {
      what: 'keyPattern and keyValue in errors of duplicate keys',
      cases:
        /^(indexes: refuses (an? (equal|second|element|plain value|nested|value below)|null beside|an update to)|Mongoose: throws a duplicate key|inserting, deleting, bulk writes: insertOne refuses a duplicate _id)/,
    },
    {
      what: 'partial indexes, indexes of arrays found later, refusing and dropping indexes as MongoDB does',
      cases:
        /^indexes: (allows an equal value outside|refuses (a duplicate name|two parallel arrays)|drops an index by|throws when listing the indexes of an unknown|follows a field)/,
    },
    {
      what: 'equality with empty objects, whole arrays and arrays inside arrays; null below arrays',
      cases:
        /^queries: finds (an empty object|a whole array, or|an empty array|\$exists false below|null at a nested|not null at a nested)/,
    },
    {
      what: 'ranges over arrays, null, MinKey and NaN decimals; $all of a plain value or with $elemMatch',
      cases:
        /^queries: finds (an array meets a range by|\$gte null|\$gt an array|\$gt MinKey|a range of decimals|\$all of one|\$all with)/,
    },
    {
      what: 'order of NaN; projections: other notation, order, $slice alone, positional $, computed fields',
      cases:
        /^reading: (sorts numbers of all types|projects (a nested field in the other|the order of|\$slice (from the beginning|beside)|the positional \$|a computed))/,
    },
    { what: 'hints and maxTimeMS', cases: /^reading: (reads through a hint|ends a search that takes)/ },
    {
      what: '$bit, pipelines as updates, new fields in the order of their names',
      cases: /^updates: (\$bit|a pipeline|\$set new fields)/,
    },
    {
      what: 'upserts of one unique key at the same moment (now and then it never answers)',
      cases: /^updates: upsert lets one of many at once insert/,
    },
    {
      what: 'the whole answer where findOneAndUpdate found nothing',
      cases: /^findOneAndUpdate, .*includeResultMetadata/,
    },
    {
      what: '_id moved to the front; 16 MB limit; counts in the error of a bulk that failed half-way',
      cases:
        /^inserting, deleting, bulk writes: (insertOne (puts _id|refuses a document beyond)|insertMany (stops|continues after)|bulkWrite stops)/,
    },
  ],
};
