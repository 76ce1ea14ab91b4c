export {
  choiceField,
  lineField,
  listedField,
  optionalLineField,
  optionalWholeField,
  textField,
  wholeField,
  type Field,
} from './field.js';
export { defineFields, type ControlOptions, type Fields, type FieldValues } from './fields.js';
