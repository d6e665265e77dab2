import { Skeleton, SkeletonRows } from '@weft/ui'
import s from './frame.module.css'

/** The frame before anything is known: rail, list, conversation. */
export function FrameSkeleton() {
  return (
    <div className={s.frame} aria-busy="true">
      <div className={s.rail} />
      <div className={s.list}>
        <div className={s.bones}>
          <Skeleton width="60%" height={18} />
          {Array.from({ length: 12 }, (_, i) => (
            <Skeleton key={i} width={`${45 + ((i * 19) % 40)}%`} />
          ))}
        </div>
      </div>
      <div className={s.content}>
        <SkeletonRows rows={8} />
      </div>
    </div>
  )
}
