import{a,b,c,d,e}from"./chunk-A7T4TPZS.js";export{b as scaled,d as span,c as ticks,e as timeline,a as within};
