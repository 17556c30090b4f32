import{c as a,d as b}from"./chunk-4FMM2UTW.js";export{a as offer,b as startPickers};
