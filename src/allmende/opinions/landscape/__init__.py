"""Groups of opinion out of answers: pure functions of numbers, no database and no chance.

`answers` is everywhere a matrix of people (rows) by statements (columns): 1 agrees, -1 disagrees, 0 passes, NaN was not answered.

The way is that of Polis (compdemocracy.org): who answered at least seven statements is grouped; missing answers count as the average of
the statement; two principal components; people with few answers are pushed outwards by sqrt(statements / answers); k-means with two to
five groups, chosen by silhouette, changed only after four updates in a row; statements weighed by tests of proportions.
Ours differs in one thing: k-means starts from several fixed beginnings and the end with the best silhouette is taken, so that the same
answers always give the same groups; Polis goes on from the groups it had before.
"""

from allmende.opinions.landscape.groups import Smoothing, cluster, silhouette, smooth
from allmende.opinions.landscape.plane import Plane, place, plane
from allmende.opinions.landscape.whole import Before, Landscape, landscape

__all__ = ["Before", "Landscape", "Plane", "Smoothing", "cluster", "landscape", "place", "plane", "silhouette", "smooth"]
